"""What the audit calls records, their fields and values, in words of people.

Fields that are not here are called as their models call them; what no person can read is left out.
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
from portal.sheets.columns import COLUMNS
from shipments.carrier_reasons import reason_words

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

FIELDS: Mapping[str, str | Promise] = {
    **{column.field: column.label for column in reversed(COLUMNS.values())},
    "weight": gettext_lazy("Weight in grams"),
    "name": gettext_lazy("Name"),
    "address": gettext_lazy("Address"),
    "position": gettext_lazy("Place"),
    "state": gettext_lazy("State"),
    "cancelled_at": gettext_lazy("Cancelled"),
    "discount": gettext_lazy("Discount"),
    "discounts": gettext_lazy("Discounts"),
    "preferred_delivery_date": gettext_lazy("Preferred delivery date"),
    "order_analytics": gettext_lazy("Attribution"),
    "user_agent": gettext_lazy("Browser"),
    "is_test": gettext_lazy("Test"),
    "images": gettext_lazy("Pictures"),
    "tax_lines": gettext_lazy("Taxes"),
    "bundled_products": gettext_lazy("Products in the bundle"),
    "type": gettext_lazy("Kind"),
    "tracking_number": gettext_lazy("Tracking number"),
    "tracking_company": gettext_lazy("Carrier, as the shop calls it"),
    "tracking_url": gettext_lazy("Link"),
    "tracking_placed_at": gettext_lazy("Handed over"),
    "external_shipment_id": gettext_lazy("Number of the parcel in the shop"),
    "carrier_reference": gettext_lazy("Carrier"),
    "carrier_confidence": gettext_lazy("How sure the carrier is"),
    "carrier_reason": gettext_lazy("Why this carrier"),
    "is_carrier_corrected": gettext_lazy("Carrier corrected"),
    "phase": gettext_lazy("Phase"),
    "phase_since": gettext_lazy("In this phase since"),
    "direction": gettext_lazy("Direction"),
    "flag": gettext_lazy("Flag"),
    "last_scan_at": gettext_lazy("Last event"),
    "delivered_at": gettext_lazy("Delivered"),
    "pickup": gettext_lazy("Pickup"),
    "arrival_start": gettext_lazy("Expected from"),
    "arrival_end": gettext_lazy("Expected until"),
    "arrival_source": gettext_lazy("Expected by"),
    "promised_start": gettext_lazy("Promised from"),
    "promised_end": gettext_lazy("Promised until"),
    "has_own_lines": gettext_lazy("Has products of its own"),
    "order lines added": gettext_lazy("Products added"),
    "order lines changed": gettext_lazy("Products changed"),
    "order lines removed": gettext_lazy("Products removed"),
    "shipments added": gettext_lazy("Parcels added"),
    "shipments changed": gettext_lazy("Parcels changed"),
    "shipments removed": gettext_lazy("Parcels removed"),
    "shipment lines added": gettext_lazy("Products in parcels added"),
    "shipment lines changed": gettext_lazy("Products in parcels changed"),
    "second factor": gettext_lazy("Second factor"),
    "session": gettext_lazy("Logged in at"),
    "downloaded": gettext_lazy("Downloaded"),
    "photos_of_claim": gettext_lazy("Photos of the claim"),
    "shipment lines removed": gettext_lazy("Products in parcels removed"),
    "slug": gettext_lazy("Name in addresses"),
    "timezone": gettext_lazy("Time zone"),
    "language": gettext_lazy("Language"),
    "branding": gettext_lazy("Branding"),
    "stale_after_hours": gettext_lazy("Old news after, in hours"),
    "setup_ended_at": gettext_lazy("Set up"),
    "role": gettext_lazy("Role"),
    "email": gettext_lazy("E-mail"),
    "expires_at": gettext_lazy("Valid until"),
    "username": gettext_lazy("Name"),
    "hint": gettext_lazy("Ends with"),
    "revoked_at": gettext_lazy("Revoked"),
    "url": gettext_lazy("URL"),
    "enabled_events": gettext_lazy("Events"),
    "description": gettext_lazy("Description"),
    "status": gettext_lazy("Status"),
    "disabled_at": gettext_lazy("Switched off"),
    "disabled_reason": gettext_lazy("Why it was switched off"),
    "secret": gettext_lazy("Secret"),
    "previous_secret_until": gettext_lazy("The old secret is valid until"),
    "days": gettext_lazy("Days"),
    "in_business_days": gettext_lazy("In business days"),
    "code": gettext_lazy("Code"),
    "is_enabled": gettext_lazy("Switched on"),
    "is_active": gettext_lazy("Switched on"),
    "is_on": gettext_lazy("Switched on"),
    "on_since": gettext_lazy("Switched on since"),
    "starts_at": gettext_lazy("Starts"),
    "ends_at": gettext_lazy("Ends"),
    "paused_at": gettext_lazy("Paused"),
    "deleted_at": gettext_lazy("Deleted"),
    "segment": gettext_lazy("Segment"),
    "priority": gettext_lazy("Priority"),
    "promotion_type": gettext_lazy("Shows"),
    "promotion_properties": gettext_lazy("Content"),
    "alternative_properties": gettext_lazy("Variant B"),
    "holdout_percent": gettext_lazy("Held out, per cent"),
    "value_type": gettext_lazy("Kind of discount"),
    "value": gettext_lazy("Value"),
    "accent": gettext_lazy("Colour of links, buttons and progress"),
    "band": gettext_lazy("Colour behind the logo"),
    "logo_width": gettext_lazy("Width of the logo"),
    "logo_height": gettext_lazy("Height of the logo"),
    "home_url": gettext_lazy("Address of the shop"),
    "texts": gettext_lazy("Texts"),
    "links": gettext_lazy("Links at the foot"),
    "picture_hosts": gettext_lazy("Where pictures may come from"),
    "event_group": gettext_lazy("Group of events"),
    "audience": gettext_lazy("Who is told"),
    "subject": gettext_lazy("Subject"),
    "body": gettext_lazy("Text"),
    "reply_to": gettext_lazy("Answers of customers go to"),
    "staff_addresses": gettext_lazy("Notices to staff go to"),
    "reasons": gettext_lazy("Reasons"),
    "flows": gettext_lazy("Flows"),
    "most_amount": gettext_lazy("Amount at most"),
    "most_earlier": gettext_lazy("Earlier claims at most"),
    "least_earlier": gettext_lazy("Earlier claims at least"),
    "earlier_days": gettext_lazy("Days in which earlier claims count"),
    "needs_photo": gettext_lazy("Needs a photo"),
    "decision": gettext_lazy("Decision"),
    "answer": gettext_lazy("Answer to the customer"),
    "flows_off": gettext_lazy("Flows that are switched off"),
    "complaint_days": gettext_lazy("Days for complaints"),
    "return_days": gettext_lazy("Days for returns"),
    "missing_after_days": gettext_lazy("Days after which a parcel counts as missing"),
    "order_count": gettext_lazy("Orders"),
    "order_months": gettext_lazy("Months that orders keep their customers"),
    "page_action_days": gettext_lazy("Days that visits of the tracking page are kept"),
    "mail_days": gettext_lazy("Days that texts of mails are kept"),
    "webhook_days": gettext_lazy("Days that deliveries to webhooks are kept"),
    "answer_hours": gettext_lazy("Hours that answers to repeated requests are kept"),
    "import_days": gettext_lazy("Days that imported files are kept"),
    "aggregator": gettext_lazy("Aggregator"),
    "encrypted_secret": gettext_lazy("Secret"),
    "carrier": gettext_lazy("Carrier"),
    "encrypted_credentials": gettext_lazy("Credentials"),
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
