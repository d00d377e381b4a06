"""What stays in a line and what does not."""

import logging

import pytest
from granian.log import DEFAULT_ACCESSLOG_FMT, access_logger

from common.logs.masking import mask_everything


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("to jane@example.com now", "to ••• now"),
        ("GET /t/AbCd123?x=1", "GET /t/•••?x=1"),
        ("GET /t/{token}/claims", "GET /t/{token}/claims"),
        ("Authorization: Basic ZGVtbzpzZWNyZXQ=", "Authorization: Basic •••"),
        ("postgres://karla:secret@db/karla", "postgres://•••@db/karla"),
        ("key bjhkxfznMFLlIxDncZMEGudoX0sCS1vCPxsrbJxp3R0", "key •••"),
        ("task 9d9de98f-7429-418b-b79b-f7e91f96d0b2", "task 9d9de98f-7429-418b-b79b-f7e91f96d0b2"),
        ({"a": ["x@y.example"]}, {"a": ["•••"]}),
        (17, 17),
    ],
)
def test_what_looks_like_a_secret_is_masked(said, shown):
    assert mask_everything(None, "", {"said": said}) == {"said": shown}


def test_a_line_of_another_package_keeps_its_text_and_its_numbers(lines):
    log = logging.getLogger("somebody.else")
    log.error("%s tried %d times: %r", "Jane", 3, ["Jane"])
    log.error("Task %(name)s failed: %(exc)s", {"name": "a.task", "exc": "Jane"})
    log.error("a crash\nTraceback of Jane")

    assert [line["event"] for line in lines.all] == [
        "… tried 3 times: …",
        "Task a.task failed: …",
        "a crash",
    ]


def test_the_web_servers_own_access_log_holds_no_path(lines):
    said = {
        "time": "now",
        "addr": "192.0.2.7",
        "method": "GET",
        "path": "/t/jane",
        "protocol": "1.1",
    }
    access_logger.info(DEFAULT_ACCESSLOG_FMT, {**said, "status": 200, "dt_ms": 3.1})

    assert [line["event"] for line in lines.all] == ['[…] … - "… … …" 200 3.1']


def test_an_error_is_told_by_its_kind_and_place_and_what_it_came_from(lines):
    try:
        try:
            {}["jane@example.com"]
        except KeyError as problem:
            raise OSError(2, "No such file", "/home/jane") from problem
    except OSError:
        logging.getLogger("somebody").exception("broke")

    [line] = lines.all
    outer, inner = line["errors"]
    assert (outer["type"], outer["errno"]) == ("FileNotFoundError", 2)
    assert inner["type"] == "KeyError"
    assert outer["where"][0].startswith("tests/logs/test_lines.py:")
    assert "jane" not in str(line)
