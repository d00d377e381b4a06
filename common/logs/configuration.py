"""How the log is written: one JSON object a line; in development (DEBUG), lines to read.

In production a line never holds a value that somebody sent: what happened is a fixed text, what it
concerns are ids, and errors are described without their messages (docs/logs.md).
"""

import logging
from typing import Any

import orjson
import structlog
from structlog.types import Processor

from common.logs.errors import describe_errors
from common.logs.foreign import tame_foreign_lines
from common.logs.masking import mask_everything
from common.logs.traces import add_trace

_STAMPS: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_trace,
]


def configure_logs() -> None:
    """For our own lines; how they look is said by `logging_config`.

    What no line shows is not looked up: https://docs.python.org/3/howto/logging.html#optimization
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_STAMPS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str, is_development: bool) -> dict[str, Any]:
    """For `logging.config.dictConfig`: what it holds is for all processes and all packages."""
    finish = _to_read() if is_development else _careful()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": finish,
                "foreign_pre_chain": _STAMPS,
                "pass_foreign_args": not is_development,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            "django.request": {"level": "ERROR"},  # refusals are no incidents
            # Two lines for each task, which say less than ours.
            "celery": {"level": "WARNING" if level == "INFO" else level},
            # granian brings handlers of its own, which print plain lines.
            "_granian": {"handlers": [], "propagate": True},
            "granian.access": {"handlers": [], "propagate": True},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }


def _careful() -> list[Processor]:
    return [
        tame_foreign_lines,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        describe_errors,
        mask_everything,
        structlog.processors.JSONRenderer(serializer=_json),
    ]


def _to_read() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.dev.ConsoleRenderer(),
    ]


def _json(line: Any, **_: Any) -> str:
    return orjson.dumps(line, default=repr).decode()
