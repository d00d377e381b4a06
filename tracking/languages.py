"""Which language a customer reads: as the link says, else the browser, else the shop."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from shipments.catalogue.texts import LANGUAGES

PARAMETER = "lang"


def asked_language(request: HttpRequest) -> str:
    """The first of those the customer asks for that we speak; empty if there is none."""
    wanted = [
        request.GET.get(PARAMETER, ""),
        *(code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))),
    ]
    return next((code for code in map(_spoken, wanted) if code), "")


def _spoken(wanted: str) -> str:
    """“de” for “de-AT”; empty for a language that we do not speak."""
    code = wanted.lower()
    while code and code not in LANGUAGES:
        code = code.rpartition("-")[0]
    return code
