"""Tracking numbers that look like their carrier's, with check digits where the rule is public.

Sources: UPU S10 (international post), GS1 General Specifications (SSCC, USPS IMpb, modulo 10), the
carriers' own guides to their numbers (UPS 1Z, FedEx Express, DHL Express).
"""

from collections.abc import Callable
from random import Random


def tracking_number(rng: Random, carrier_reference: str, country_code: str) -> str:
    """A number of this carrier; `country_code` is where the parcel starts."""
    return _FORMATS.get(carrier_reference, _digits_14)(rng, country_code)


def s10_check_digit(serial: str) -> int:
    """Of the eight digits of a postal item's number."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def gs1_check_digit(digits: str) -> int:
    """Modulo 10 with the weights 3 and 1, the 3 at the right end."""
    return -sum(int(d) * (3, 1)[place % 2] for place, d in enumerate(reversed(digits))) % 10


def ups_check_digit(middle: str) -> int:
    """Of the 15 characters after `1Z`; letters count as (code − 63) modulo 10."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in middle]
    return -(sum(values[::2]) + 2 * sum(values[1::2])) % 10


def fedex_check_digit(digits: str) -> int:
    """Of the eleven digits before it: weights 3, 1, 7 in turn, modulo 11, a ten counts as 0."""
    return sum(int(d) * (3, 1, 7)[place % 3] for place, d in enumerate(digits)) % 11 % 10


_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def _digits(rng: Random, count: int) -> str:
    return str(int(rng.random() * 10**count)).zfill(count)


def _post(rng: Random, country_code: str) -> str:
    serial = _digits(rng, 8)
    service = "CLRP"[int(rng.random() * 4)] + "ABDEN"[int(rng.random() * 5)]
    return f"{service}{serial}{s10_check_digit(serial)}{country_code}"


def _dhl_paket(rng: Random, _: str) -> str:
    serial = f"340434{_digits(rng, 11)}"
    return f"00{serial}{gs1_check_digit(serial)}"


def _ups(rng: Random, _: str) -> str:
    shipper = _digits(rng, 3) + "AEFRVWXY"[int(rng.random() * 8)] + _digits(rng, 2)
    middle = f"{shipper}{('01', '03', '11', '68')[int(rng.random() * 4)]}{_digits(rng, 7)}"
    return f"1Z{middle}{ups_check_digit(middle)}"


def _fedex(rng: Random, _: str) -> str:
    digits = f"7{_digits(rng, 10)}"
    return f"{digits}{fedex_check_digit(digits)}"


def _usps(rng: Random, _: str) -> str:
    digits = f"94001{_digits(rng, 16)}"
    return f"{digits}{gs1_check_digit(digits)}"


def _dhl_express(rng: Random, _: str) -> str:
    digits = _digits(rng, 9)
    return f"{digits}{int(digits) % 7}"


def _swiss_post(rng: Random, _: str) -> str:
    return f"9960{_digits(rng, 14)}"


def _gls(rng: Random, _: str) -> str:
    return f"5{_digits(rng, 10)}"


def _brt(rng: Random, _: str) -> str:
    return f"08{_digits(rng, 10)}"


def _digits_14(rng: Random, _: str) -> str:
    return f"0{_digits(rng, 13)}"


_FORMATS: dict[str, Callable[[Random, str], str]] = {
    **dict.fromkeys(("anpost", "bpost", "depost", "postat", "posti"), _post),
    **dict.fromkeys(("postnl_inter", "postnord", "bring", "royalmail"), _post),
    **dict.fromkeys(("gls", "gls_es"), _gls),
    "brt": _brt,
    "dhl": _dhl_paket,
    "dhlexp": _dhl_express,
    "fedex": _fedex,
    "swisspost": _swiss_post,
    "ups": _ups,
    "usps": _usps,
}
