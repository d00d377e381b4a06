"""“Check a signature”: what a receiver would find, and at which step it would stop."""

import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from webhooks.signing import TOLERANCE, has_signature, karla_signature, signed_parts


@dataclass(frozen=True, kw_only=True)
class Finding:
    is_right: bool
    text: str
    expected: str = ""


def check_signature(header: str, secret: str, body: str) -> Finding:
    """Browsers send line ends as CR LF: a body with bare ones is tried in that form, too."""
    said = signed_parts(header)
    if said is None:
        return Finding(
            is_right=False, text=_("The header is not of the form t=<seconds>,v1=<hex>.")
        )
    timestamp, signatures = said
    for form in (body, body.replace("\r\n", "\n")):
        if has_signature(signatures, form.encode(), secret, timestamp):
            expected = karla_signature(form.encode(), secret, timestamp)
            return Finding(is_right=True, text=_age(timestamp), expected=expected)
    return Finding(
        is_right=False,
        text=_("No signature in the header fits: another secret, or the body was changed."),
        expected=karla_signature(body.encode(), secret, timestamp),
    )


def _age(timestamp: int) -> str:
    age = abs(int(time.time()) - timestamp)
    if age <= TOLERANCE:
        return _("The signature is right, and recent.")
    return _("The signature is right. It is older than 300 seconds: a receiver refuses it now.")
