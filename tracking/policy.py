"""What browsers may do with a customer's page: nothing but show it."""

from collections.abc import Iterable

from django.http import HttpResponseBase


def seal(
    response: HttpResponseBase,
    *,
    picture_hosts: Iterable[str] = (),
    scripts: bool = False,
    framed: bool = False,
) -> None:
    """Sets what the view left open. The address of a page is its key: it leaves with no referrer.

    `picture_hosts`: where pictures may come from beside us; `scripts`: whether our own may run;
    `framed`: whether our own pages may show it in a frame.
    """
    pictures = " ".join(["'self'", *(f"https://{host}" for host in picture_hosts)])
    directives = [
        "default-src 'none'",
        "style-src 'self'",
        f"img-src {pictures}",
        *(["script-src 'self'"] if scripts else []),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'" if framed else "frame-ancestors 'none'",
    ]
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "; ".join(directives))
    headers.setdefault("X-Frame-Options", "SAMEORIGIN" if framed else "DENY")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
    headers.setdefault("Cache-Control", "private, no-cache")
