"""docs/operations.md and .env.example name every setting there is, and what is measured."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from karla_portal.embedded.environment import is_on

PROJECT = Path(__file__).parents[1]
DOCUMENT = (PROJECT / "docs" / "operations.md").read_text("utf-8")
ASKED = re.compile(
    r"""(?:os\.environ\.get\(|os\.environ\[|\bis_on\(|_months_kept\()\s*"([A-Z_]+)\""""
)
NOT_THE_OPERATORS = {"DJANGO_SETTINGS_MODULE", "KARRIO_LOG_LEVEL", "PROMETHEUS_MULTIPROC_DIR"}


def asked_of_the_environment() -> set[str]:
    sources = [
        path
        for package in ("common", "karla_portal", "shipments", "portal", "webhooks")
        for path in (PROJECT / package).rglob("*.py")
    ]
    found = {name for path in sources for name in ASKED.findall(path.read_text("utf-8"))}
    return found - NOT_THE_OPERATORS


def section(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_setting_is_in_the_table_and_no_other():
    named = re.findall(r"^\| ([A-Z_]+) \|", section("Settings"), re.MULTILINE)
    assert set(named) == asked_of_the_environment()
    assert named == sorted(named)


def test_the_example_lists_every_setting():
    example = (PROJECT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == asked_of_the_environment()


def test_every_alert_has_its_line():
    rules = re.findall(r"alert: (\w+)", (PROJECT / "ops" / "alerts.yml").read_text("utf-8"))
    assert set(re.findall(r"\bKarla[A-Z]\w+", section("Alert"))) == set(rules)


@pytest.mark.parametrize(
    ("said", "default", "meant"),
    [
        ("", True, True),
        ("", False, False),
        ("on", False, True),
        ("1", False, True),
        ("True", False, True),
        ("off", True, False),
        ("0", True, False),
    ],
)
def test_a_switch_is_on_off_or_as_it_was(monkeypatch, said, default, meant):
    monkeypatch.setenv("STAFF_NEED_SECOND_FACTOR", said)
    assert is_on("STAFF_NEED_SECOND_FACTOR", default=default) is meant


def test_a_switch_that_says_neither_is_refused(monkeypatch):
    monkeypatch.setenv("STAFF_NEED_SECOND_FACTOR", "please")
    with pytest.raises(ImproperlyConfigured, match="STAFF_NEED_SECOND_FACTOR is 'please'"):
        is_on("STAFF_NEED_SECOND_FACTOR")
