"""Where webhooks may go: the public internet over TLS, and what the operator allows.

Checked when a webhook is saved, so that a person learns of it, and again for each address a
connection is made to, which is what holds: names lead elsewhere later.
"""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from yarl import URL

from common.errors import Fault
from webhooks.errors import AddressRefused
from webhooks.inbox import INBOX

Address = IPv4Address | IPv6Address

PATIENCE_FOR_NAMES = 2
"""Seconds a person's request waits for a name; the check at connect time is the one that counts."""

# Beside what `ipaddress` calls private, reserved and so on: clouds' metadata and agents at public
# addresses, and ranges that older Pythons take for global.
NOT_FOR_WEBHOOKS = [
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's agent
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "100::/64",
        "64:ff9b:1::/48",
        "2001::/23",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
]
NAT64 = ip_network("64:ff9b::/96")


def is_allowed_by_operator(address: Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return _within(mapped or address, settings.WEBHOOK_ALLOWED_NETWORKS)


def may_be_reached(address: Address, *, scheme: str) -> bool:
    """Plain http is for the operator's own networks only."""
    if is_allowed_by_operator(address):
        return True
    return scheme == "https" and all(_is_public(form) for form in _forms(address))


def _forms(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 ones that it carries in itself."""
    if isinstance(address, IPv6Address) and address.scope_id:
        address = IPv6Address(int(address))
    yield address
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            yield address.ipv4_mapped
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield from address.teredo
        if address in NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in NAT64):
        return True  # just another way to write the IPv4 address, which is looked at beside it
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not _within(address, NOT_FOR_WEBHOOKS)
    )


def _within(address: Address, networks: "list[IPv4Network | IPv6Network]") -> bool:
    return any(address.version == network.version and address in network for network in networks)


def check_url(text: str) -> str:
    """The URL as it will be called; raises AddressRefused with what a person has to change.

    The test inbox is called without a connection, so there is nothing to check.
    """
    if text == INBOX:
        return text
    url = _parsed(text)
    host = url.raw_host or ""
    if not host:
        _refuse(_("The URL names no host"))
    if url.user is not None or url.password is not None:
        _refuse(_("The URL must not carry credentials; the signature tells who calls"))
    if url.scheme not in ("http", "https"):
        _refuse(_("The URL must start with https://"))
    if not url.port:
        _refuse(_("The URL must name a port from 1 to 65535"))
    addresses = _addresses_of(host, url.port or 0)
    if url.scheme == "http" and not (addresses and all(map(is_allowed_by_operator, addresses))):
        _refuse(
            _(
                "The URL must start with https://: plain http is for networks that the "
                "operator allows"
            )
        )
    if not all(may_be_reached(address, scheme=url.scheme) for address in addresses):
        _refuse(_("The URL leads to an address that is not public"))
    return str(url.with_fragment(None))


def _parsed(text: str) -> URL:
    if re.search(r"[\s\\\x00-\x1f\x7f]", text):
        _refuse(_("The URL must not hold spaces, backslashes or control characters"))
    try:
        url = URL(text)
        _checked = url.port, url.raw_host
    except ValueError:
        _refuse(_("The URL must have a host and a port that can exist"))
    return url


def _addresses_of(host: str, port: int) -> list[Address]:
    """Those the host leads to now; none if it is a name that is not known (yet)."""
    host = host.rstrip(".")
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    if _ends_in_a_number(host):
        _refuse(_("The URL writes an IP address in an unusual form; use four decimal numbers"))
    # `getaddrinfo` cannot be told how long to wait; whoever runs a name's server could hold us up.
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        return [ip_address(entry[4][0]) for entry in found.result(PATIENCE_FOR_NAMES)]
    except (OSError, UnicodeError, TookTooLong):
        return []
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _ends_in_a_number(host: str) -> bool:
    """Then it is no name but an IPv4 address (the WHATWG's URL standard): 127.1, 0x7f000001 …"""
    last = host.rpartition(".")[2]
    return bool(re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", last))


def _refuse(reason: str) -> NoReturn:
    fault = Fault(loc=("url",), msg=reason, type="url_refused")
    raise AddressRefused(f"url: {reason}.", [fault])
