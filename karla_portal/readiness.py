"""Asks the web server whether it is ready."""

import http.client

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nosec B104
TIMEOUT = 10  # seconds


def what_is_missing(host: str, port: int) -> str | None:
    """None where /readyz answers 200, else what it says instead, or why it cannot be asked."""
    connection = http.client.HTTPConnection(EVERY_ADDRESS.get(host, host), port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        response = connection.getresponse()
        return None if response.status == 200 else response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
