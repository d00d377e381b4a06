"""One request over a connection that is kept, and answers as no framework would give them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from webhooks import connections
from webhooks.answer import Answer
from webhooks.connections import Connections

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ENOUGH = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 5000

pytestmark = pytest.mark.usefixtures("loopback_allowed")


def post_to(
    *answers: bytes, header: str = "1", body: bytes = b"{}"
) -> tuple[list[Answer], list[bytes], int]:
    """A request for each answer, one after the other: what came of them, what the endpoint read,
    and over how many connections. An empty answer hangs up."""

    async def post_them() -> tuple[list[Answer], list[bytes], int]:
        left, read, connections_made = iter(answers), [], 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections_made
            connections_made += 1
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    read.append(head + await reader.readexactly(len(body)))
                    answer = next(left)
                    if not answer:
                        break
                    writer.write(answer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=%20b"
        async with server, Connections() as kept:
            found = [await kept.post(url, {"X-Mine": header}, body) for _ in answers]
        return found, read, connections_made

    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may have a loop in this one
        return pool.submit(asyncio.run, post_them()).result()


def test_what_is_sent_is_one_plain_request():
    [answer], [request], _ = post_to(OK, body=b'{"a": 1}')

    host, rest = request.partition(b"Host: ")[2].split(b"\r\n", 1)
    assert host.startswith(b"127.0.0.1:")
    assert request.startswith(b"POST /hook?a=%20b HTTP/1.1\r\nHost: ")
    assert rest == b'Content-Length: 8\r\nX-Mine: 1\r\n\r\n{"a": 1}'
    assert answer == Answer(status=200, headers={"content-length": "2"}, body="ok")


def test_a_connection_is_kept_unless_something_of_the_response_is_left_unread():
    answers, _, count = post_to(OK, OK, ENOUGH, OK)

    assert [len(answer.body) for answer in answers] == [2, 2, connections.KEPT_OF_RESPONSE, 2]
    assert count == 2


def test_what_comes_before_the_response_is_passed_over():
    [answer, second], _, _ = post_to(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK, OK)

    assert (answer.status, answer.body) == (200, "ok")
    assert second.status == 200


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"SMTP? No.\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"x" * 100_000, "is not HTTP"),
        (b"", "Server disconnected"),
    ],
)
def test_what_is_no_response_is_an_error_that_says_so(said, error):
    [answer, after], _, _ = post_to(said, OK)

    assert answer.status is None
    assert error in answer.error
    assert after.status == 200


@pytest.mark.parametrize(("patience", "error"), [("WHOLE", "within 0.3"), ("TO_READ", "reading")])
def test_who_takes_too_long_is_waited_for_no_longer(monkeypatch, patience, error):
    monkeypatch.setattr(connections, patience, 0.3)

    [answer, _], _, count = post_to(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nso", OK)

    assert answer.status is None
    assert error in answer.error
    assert count == 2  # the rest of that response is nobody's


def test_a_header_that_holds_a_second_one_is_not_sent():
    [answer], requests, _ = post_to(OK, header="1\r\nX-Theirs: 2")

    assert "header" in answer.error
    assert requests == []
