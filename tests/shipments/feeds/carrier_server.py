"""A carrier on the loopback interface, which answers with recorded responses.

`recorded/` holds them as the carriers' public documentation has them (developer.ups.com,
developer.dhl.com, the GLS Track and Trace API, developer.fedex.com).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

RECORDED = Path(__file__).parent / "recorded"


@dataclass
class Response:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    """Says nothing until the test is over."""


def recorded(name: str, status: int = 200, **headers: str) -> Response:
    body = (RECORDED / f"{name}.json").read_bytes()
    issued = str(int(time.time() * 1000)).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body.replace(b"ISSUED_AT", issued), status, headers)


class CarrierServer:
    """Answers by the first entry of `answers` whose text is in the request's path."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        """Method, path and headers of each."""
        self.over = Event()
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                carrier.requests.append((self.command, self.path, headers))
                response = carrier.answer_to(self.path)
                if response.hangs:
                    carrier.over.wait()
                    return
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer_to(self, path: str) -> Response:
        found = [response for text, response in self.answers.items() if text in path]
        return found[0] if found else Response(b"nothing here", 404)

    def asked(self, text: str = "track") -> int:
        """How many requests had this in their path."""
        return sum(text in path for _, path, _ in self.requests)


@contextmanager
def carrier_server() -> Iterator[CarrierServer]:
    carrier = CarrierServer()
    thread = Thread(target=carrier.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield carrier
    finally:
        carrier.over.set()
        carrier.server.shutdown()
        thread.join()
        carrier.server.server_close()
