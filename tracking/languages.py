"""Which language a customer reads: as the link says, else the browser, else the shop."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

PARAMETER = "lang"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The language that a request asks for."""

    code: str
    """Empty if it asks for none that we speak."""
    is_in_link: bool
    """Whether the link says so, and those on the page have to say it too."""

    @property
    def key(self) -> str:
        return f"{self.code}!" if self.is_in_link else self.code

    @property
    def query(self) -> str:
        return f"?{PARAMETER}={self.code}" if self.is_in_link else ""


def asked_language(request: HttpRequest) -> Asked:
    chosen = _spoken(request.GET.get(PARAMETER, ""))
    if chosen:
        return Asked(code=chosen, is_in_link=True)
    return Asked(code=_accepted(request.headers.get("Accept-Language", "")), is_in_link=False)


@lru_cache(maxsize=512)
def _accepted(header: str) -> str:
    codes = (_spoken(code) for code, _ in parse_accept_lang_header(header))
    return next((code for code in codes if code), "")


def _spoken(wanted: str) -> str:
    """“de” for “de-AT”; empty for a language that we do not speak."""
    code, spoken = wanted.lower(), {code for code, _ in settings.LANGUAGES}
    while code and code not in spoken:
        code = code.rpartition("-")[0]
    return code
