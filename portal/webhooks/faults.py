"""What kept an endpoint from answering, in words of people.

An attempt keeps what the operating system or the library said: the API gives it, and the console
shows it beside these words. They name no address, so whoever may see the timeline may read them.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FAULTS: tuple[tuple[str, str | Promise], ...] = (
    (r"\[Errno 111\]", _("The connection was refused: nothing listens at that address.")),
    (
        r"\[Errno (32|103|104)\]|Server disconnected",
        _("The connection was cut before an answer came."),
    ),
    (
        r"\[Errno -[245]\]|Domain name not found|DNS server returned answer with no data",
        _("The name of the host leads nowhere."),
    ),
    (r"\[Errno -3\]", _("The name of the host could not be looked up just now.")),
    (r"\[Errno (101|113)\]", _("No network leads to that address.")),
    (
        r"\[Errno 110\]|[Tt]imeout|No (response|connection) within",
        _("No answer came in time."),
    ),
    (r"is not HTTP", _("What answered does not speak HTTP.")),
    (
        r"CERTIFICATE_VERIFY_FAILED|[Cc]ertificate",
        _("The certificate of the endpoint is not valid."),
    ),
    (r"\[SSL|SSL handshake", _("No encrypted connection (TLS) came about.")),
    (r"is not public", _("The name of the host leads to an address that is not public.")),
    (
        r"without TLS",
        _("Without TLS only networks that the operator allows are called."),
    ),
    (r"ENCRYPTION_KEYS", _("The secret cannot be read any more: make a new one.")),
)


def plain_fault(said: str) -> str:
    """Empty for what nobody has put into words yet."""
    return next((str(words) for pattern, words in _FAULTS if re.search(pattern, said)), "")
