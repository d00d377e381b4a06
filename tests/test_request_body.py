"""Bodies of unknown length, and bodies that are too large, before Django sees them."""

from io import BytesIO
from typing import Any

import pytest

from common.request_body import DRAINED_BYTES, MAX_BODY_BYTES, MOST_UPLOADED, MeasuredBody


def seen_by_the_application(**environ: Any) -> tuple[dict[str, Any], BytesIO]:
    """What reaches the application, and what is left of what the client sent."""
    sent = environ.get("wsgi.input", BytesIO())
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        return []

    MeasuredBody(application)({"wsgi.input": sent, **environ}, None)
    return seen[0], sent


def test_a_chunked_body_gets_its_length():
    environ, _ = seen_by_the_application(
        **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(b'{"id": 1}')}
    )

    assert environ["CONTENT_LENGTH"] == "9"
    assert environ["wsgi.input"].read() == b'{"id": 1}'


def test_a_chunked_body_that_is_too_large_says_so_by_its_length():
    environ, sent = seen_by_the_application(
        **{
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": BytesIO(b"x" * (MAX_BODY_BYTES + 500_000)),
        }
    )

    assert int(environ["CONTENT_LENGTH"]) > MAX_BODY_BYTES
    assert sent.read() == b""


@pytest.mark.parametrize(
    ("length", "left"), [(MAX_BODY_BYTES + 1, 0), (10, 10), (DRAINED_BYTES + 1, 20)]
)
def test_only_what_is_too_large_is_read_ahead(length, left):
    content = BytesIO(b"x" * (length if length <= MAX_BODY_BYTES + 1 else 20))

    environ, sent = seen_by_the_application(
        **{"CONTENT_LENGTH": str(length), "wsgi.input": content}
    )

    assert environ["CONTENT_LENGTH"] == str(length)
    assert len(sent.read()) == left


@pytest.mark.parametrize(
    ("path", "length", "left"),
    [
        ("/t/token/claims", MAX_BODY_BYTES + 1, 20),
        ("/t/token/claims", MOST_UPLOADED, 20),
        ("/t/token/claims", MOST_UPLOADED + 1, 0),
        ("/v1/shops/demo/orders", MAX_BODY_BYTES + 1, 0),
        ("/shops/demo/claims", MAX_BODY_BYTES + 1, 0),
    ],
)
def test_photos_may_be_larger_than_other_bodies_and_are_left_to_the_view(path, length, left):
    _, sent = seen_by_the_application(
        **{
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(length),
            "wsgi.input": BytesIO(b"x" * 20),
        }
    )

    assert len(sent.read()) == left
