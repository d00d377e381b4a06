"""The log as production writes it, read line by line."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import DictConfigurator
from typing import Any

from common.logs.configuration import logging_config


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.all if line["event"] == event]


@contextmanager
def lines_written() -> Iterator[Lines]:
    """Beside what the tests' own handlers write."""
    config = logging_config(level="DEBUG", is_development=False)
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(
        DictConfigurator(config).configure_formatter(config["formatters"]["lines"])
    )
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
