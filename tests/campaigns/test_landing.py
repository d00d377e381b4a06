"""Addresses keep what they say, and get what they lack."""

import pytest

from campaigns.landing import with_parameters
from campaigns.web_url import is_web_url

ADDED = {"utm_source": "page", "utm_campaign": "spring sale"}
REPLACED = {"karla_ref": "abc"}
TAGS = "utm_source=page&utm_campaign=spring%20sale&karla_ref=abc"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://shop.example",
            "https://shop.example?utm_source=page&utm_campaign=spring%20sale&karla_ref=abc",
        ),
        (
            "https://a.example/?x=%C3%BC+y&x=2&e=&flag#p?no",
            f"https://a.example/?x=%C3%BC+y&x=2&e=&flag&{TAGS}#p?no",
        ),
        (
            "https://shop.example/?utm_source=own&karla_ref=old&utm_campaign=",
            "https://shop.example/?utm_source=own&utm_campaign=&karla_ref=abc",
        ),
        (
            "https://shop.example/?&&a=1&",
            "https://shop.example/?a=1&utm_source=page&utm_campaign=spring%20sale&karla_ref=abc",
        ),
    ],
)
def test_parameters_are_added_without_touching_those_that_are_there(url, expected):
    assert with_parameters(url, ADDED, replaced=REPLACED) == expected


@pytest.mark.parametrize(
    "text",
    [
        "http://shop.example",
        "HTTPS://Shop.Example:8443/a?b=c#d",
        "https://shop.example/ü?q=ö",
    ],
)
def test_web_addresses_are_taken(text):
    assert is_web_url(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "shop.example", "/path", "//shop.example", "https://", "https:///x"),
        *("javascript:alert(1)", "data:text/html,x", "ftp://shop.example", "mailto:a@b.example"),
        *("https://user@shop.example", "https://a:b@shop.example", "https://shop.example@evil"),
        *("https://shop.example\\@evil", "https://shop.example/a b", "https://shop.example/\n"),
        *("https://shop.example:0", "https://shop.example:65536", "https://[::1]/"),
        *("https://shop.example;img-src *", "https://shop.example' x", None, 5),
    ],
)
def test_what_is_no_web_address_is_not(text):
    assert not is_web_url(text)
