"""Addresses that customers are led to: web pages, and nothing else."""

import re
from urllib.parse import urlsplit

LONGEST = 2_000
PATTERN = (
    r"^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][^\x00-\x20\x7f\\]*)?$"
)
"""No credentials, which make one host look like another; no spaces, no backslashes."""


def check_web_url(text: str) -> str:
    """The address as it is; raises ValueError with what is wrong."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError("must be a web address, such as https://shop.example/new")
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ValueError("must be a web address, such as https://shop.example/new")
    return text


def is_web_url(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(check_web_url(text))
    except ValueError:
        return False
