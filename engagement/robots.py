"""Who is no customer: programs that fetch pages, by the name they give themselves.

Search engines, previews in chats and mails, monitors and command-line tools all say who they are;
their names hold one of a few words. What hides behind a browser's name cannot be told apart here.
"""

import re
from collections.abc import Mapping

_WORDS = (
    "crawl",
    "spider",
    "slurp",
    "preview",  # SkypeUriPreview, BingPreview, Google-PageRenderer's kin
    "facebookexternalhit",
    "facebookcatalog",
    "whatsapp",
    "viber",
    "embedly",
    "quora link",
    "outbrain",
    "pinterest/",
    "vkshare",
    "w3c_",
    "validator",
    "lighthouse",
    "pagespeed",
    "headless",
    "phantomjs",
    "monitor",
    "pingdom",
    "uptime",
    "statuscake",
    "site24x7",
    "newrelic",
    "datadog",
    "curl",
    "wget",
    "httpie",
    "python",
    "aiohttp",
    "httpx",
    "go-http-client",
    "okhttp",
    "java/",
    "apache-httpclient",
    "libwww",
    "guzzle",
    "axios",
    "node-fetch",
    "undici",
    "ruby",
    "perl",
    "php/",
    "postman",
    "insomnia",
    "google-safety",
    "googleimageproxy",
    "yahoomailproxy",
    "feedfetcher",
    "proofpoint",
    "mimecast",
    "barracuda",
)
_ROBOT = re.compile("|".join([r"(?<!cu)bot", *map(re.escape, _WORDS)]))
"""Googlebot, Slackbot, TelegramBot …; a Cubot is a telephone."""


def is_robot(headers: Mapping[str, str]) -> bool:
    """By a request's headers: a robot's name, none at all, or a browser that fetches ahead."""
    name = headers.get("User-Agent", "").lower()
    ahead = headers.get("Sec-Purpose", "") or headers.get("Purpose", "")
    return not name or "prefetch" in ahead.lower() or _ROBOT.search(name) is not None
