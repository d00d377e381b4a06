"""What an endpoint said to one request, or what kept it from answering."""

from typing import NamedTuple


class Answer(NamedTuple):
    status: int | None = None
    headers: dict[str, str] | None = None
    body: str = ""
    error: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300
