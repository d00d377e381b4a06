"""What the audit calls records, their fields and values, in words of people.

Fields that `edit_fields.py` does not have are called as their models call them; what no person can
read is left out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from auditlog.models import LogEntry
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from common.sentences import Sentence, in_words
from portal.people.edit_fields import FIELDS
from shipments.carrier_reasons import reason_words
from shops.several_shops import A_NEW_ONE

UNREADABLE = {
    *("id", "shop", "order", "shipment", "organization", "user", "key", "invited_by"),
    *("digest", "phase_scan_id"),
}
"""Ids, and the records above, which stand beside it."""

ONE_OF_EACH = ("claim settings", "delivery target", "page design", "retention")
"""Of these a shop has one, which needs no name."""

EMPTY = {"", "None", "null", "[]", "{}"}

KINDS: Mapping[str, str | Promise] = {
    "order": gettext_lazy("Order"),
    "order line": gettext_lazy("Product of an order"),
    "shipment": gettext_lazy("Parcel"),
    "shipment line": gettext_lazy("Product in a parcel"),
    "shop": gettext_lazy("Shop"),
    "user": gettext_lazy("Person"),
    "membership": gettext_lazy("Member"),
    "invitation": gettext_lazy("Invitation"),
    "API key": gettext_lazy("API key"),
    "grant": gettext_lazy("Access of an API key"),
    "webhook": gettext_lazy("Webhook"),
    "delivery target": gettext_lazy("Target for deliveries"),
    "campaign": gettext_lazy("Campaign"),
    "discount": gettext_lazy("Discount"),
    "page design": gettext_lazy("Design of the tracking page"),
    "announcement": gettext_lazy("Announcement"),
    "notice": gettext_lazy("Notice"),
    "notice text": gettext_lazy("Text of a notice"),
    "settings of notices": gettext_lazy("Settings of notices"),
    "claim rule": gettext_lazy("Rule for claims"),
    "claim settings": gettext_lazy("Settings of claims"),
    "export": gettext_lazy("Export"),
    "erasure": gettext_lazy("Erasure"),
    "retention": gettext_lazy("How long data are kept"),
    "aggregator connection": gettext_lazy("Connection to an aggregator"),
    "carrier connection": gettext_lazy("Connection to a carrier"),
}

ACTIONS: Mapping[int, Promise] = {
    LogEntry.Action.CREATE: gettext_lazy("created"),
    LogEntry.Action.UPDATE: gettext_lazy("changed"),
    LogEntry.Action.DELETE: gettext_lazy("deleted"),
    LogEntry.Action.ACCESS: gettext_lazy("read"),
}

FACTORS: Mapping[str, Promise] = {
    "authenticator app": gettext_lazy("authenticator app"),
    "security key": gettext_lazy("security key"),
    "recovery codes": gettext_lazy("recovery codes"),
    "new recovery codes": gettext_lazy("new recovery codes"),
}

KEPT_IN_ENGLISH: Mapping[str, Callable[[str], str]] = {
    "carrier_reason": reason_words,
    "second factor": lambda kept: str(FACTORS.get(kept, kept)),
    "password": lambda kept: _("a new one") if kept == A_NEW_ONE else kept,
}
"""Fields whose values are sentences and words of ours."""

EXPECTED_PARCEL = Sentence(gettext_noop("Expected parcel %(number)s"))
"""What a shipment without a tracking number is called."""

RECORDS: Mapping[str, re.Pattern[str]] = {
    "membership": re.compile("(.+) in .+"),
    "invitation": re.compile("(.+) to .+"),
    "grant": re.compile(r"(.+): \w+ in .+"),
    "notice": re.compile(r"(\w+) to .+"),
    "notice text": re.compile(r"(\w+) to .+"),
    **dict.fromkeys(ONE_OF_EACH, re.compile("().*")),
}
"""By the kind of record, what of its name is not English: the rest stands in the changes, and the
shop above them."""


def action_words(action: int) -> str:
    return str(ACTIONS[action])


def kind_words(name: str) -> str:
    return str(KINDS.get(name, capfirst(name)))


def record_words(kind: str, called: str) -> str:
    """What a record is called beside its kind."""
    if kind == "shipment":
        return in_words(called, [EXPECTED_PARCEL])
    found = RECORDS[kind].fullmatch(called) if kind in RECORDS else None
    return found[1] if found else called


def field_words(field: str, named: str) -> str:
    """`named`: what its model calls it."""
    return str(FIELDS.get(field, capfirst(named)))


def said_words(field: str, change: list[Any]) -> list[Any]:
    """The two values of a change, in the language of the reader where the words are ours."""
    words = KEPT_IN_ENGLISH.get(field)
    return [words(str(value)) for value in change] if words else change


def value_words(value: Any) -> str:
    """Nothing for what is empty, and for a truth that does not hold."""
    text = str(value)
    if text in EMPTY:
        return ""
    return {"True": _("yes"), "False": _("no")}.get(text, text)
