"""A mail server on loopback that keeps what it accepted, and misbehaves as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

PATIENCE = 10  # seconds

Answer = Callable[[str], str | None]
"""To a command; None breaks off."""


def accept(command: str) -> str | None:
    return {"DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye"}.get(command, "250 fine")


@dataclass
class MailServer:
    """`answer` gets EHLO, MAIL, RCPT, DATA, and “.” when the content is there."""

    answer: Answer = accept
    accepted: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    content_came: Event = field(default_factory=Event)
    """Of some mail, before it is answered."""
    may_answer: Event | None = None
    """If given, nothing is said to a content until it is set."""
    port: int = 0

    def take(self, content: bytes, recipient: str) -> str | None:
        reply = self.answer(".")
        self.content_came.set()
        if self.may_answer:
            self.may_answer.wait(PATIENCE)
        if (reply or "").startswith("250"):
            self.accepted.append(message_from_bytes(content, policy=policy.default))
            self.recipients.append(recipient)
        return reply


class Conversation(StreamRequestHandler):
    server: "Listening"

    def handle(self) -> None:
        told = self.server.told
        told.connections += 1
        recipient = ""
        self.say("220 test")
        while line := self.rfile.readline():
            command = line.decode().split()[0].upper()
            if command == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            reply = told.answer(command)
            if self.say(reply) and command == "DATA" and (reply or "").startswith("354"):
                reply = told.take(self.content(), recipient)
                self.say(reply)
            if reply is None:
                return

    def content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def say(self, reply: str | None) -> bool:
        if reply is not None:
            self.wfile.write(f"{reply}\r\n".encode())
        return reply is not None


class Listening(ThreadingTCPServer):
    allow_reuse_address = True
    told: MailServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is killed hangs up."""


@contextmanager
def serving_mail(settings: Any, server: MailServer | None = None) -> Iterator[MailServer]:
    """And Django sends there."""
    server = server or MailServer()
    with Listening(("127.0.0.1", server.port), Conversation) as listening:
        listening.told = server
        server.port = listening.server_address[1]
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join(PATIENCE)
