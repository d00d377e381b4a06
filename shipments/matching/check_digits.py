"""The check digits of tracking numbers: each rule takes the digits with their check at the end.

Sources: UPU standard S10 (international post); GS1 General Specifications 7.9 (modulo 10: SSCC,
USPS IMpb, FedEx Ground, DHL Paket, Hermes); ISO 7064 (modulo 37,36: DPD); the carriers' own guides
to their labels (UPS 1Z, FedEx Express, DHL Express, DHL Identcode, GLS).
"""

from collections.abc import Callable

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FEDEX_WEIGHTS = (1, 3, 7)
_BASE_36 = {c: value for value, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_UPS_VALUES = {
    c: int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
}


def fits_s10(digits: str) -> bool:
    """Eight digits and their check, modulo 11; 10 counts as 0 and 11 as 5."""
    total = sum(int(d) * weight for d, weight in zip(digits, _S10_WEIGHTS, strict=False))
    check = 11 - total % 11
    return {10: 0, 11: 5}.get(check, check) == int(digits[8])


def fits_gs1(digits: str) -> bool:
    """Modulo 10 with the weights 1 and 3, from the check digit leftwards."""
    return _weighed_by_three(digits) % 10 == 0


def fits_smartpost(digits: str) -> bool:
    """GS1's, over the digits with the `92` that is left out of the number."""
    return fits_gs1(f"92{digits}")


def fits_usps_20(digits: str) -> bool:
    """GS1's, over the digits as they are, or with the `91` that newer ones leave out."""
    return fits_gs1(digits) or fits_gs1(f"91{digits}")


def fits_gls(digits: str) -> bool:
    """As GS1's, one more than that."""
    return (_weighed_by_three(digits) + 1) % 10 == 0


def fits_identcode(digits: str) -> bool:
    """Modulo 10 with the weights 4 and 9 from the left; the check digit weighs 1."""
    total = 4 * sum(map(int, digits[:-1:2])) + 9 * sum(map(int, digits[1:-1:2]))
    return (total + int(digits[-1])) % 10 == 0


def fits_ups(characters: str) -> bool:
    """What stands after `1Z`, modulo 10; a letter counts as (code − 63) modulo 10."""
    values = [_UPS_VALUES[c] for c in characters]
    return (sum(values[:-1:2]) + 2 * sum(values[1:-1:2]) + values[-1]) % 10 == 0


def fits_fedex_express(digits: str) -> bool:
    """Modulo 11 with the weights 1, 3, 7 from the right, before the check digit; 10 counts as 0."""
    total = sum(int(d) * _FEDEX_WEIGHTS[i % 3] for i, d in enumerate(reversed(digits[:-1])))
    return total % 11 % 10 == int(digits[-1])


def fits_modulo_7(digits: str) -> bool:
    return int(digits[:-1]) % 7 == int(digits[-1])


def fits_modulo_37_36(characters: str) -> bool:
    """ISO 7064, a hybrid system over digits and letters."""
    check = 36
    for c in characters[:-1]:
        check = (check + _BASE_36[c]) % 36 or 36
        check = check * 2 % 37
    return (check + _BASE_36[characters[-1]]) % 36 == 1


def _weighed_by_three(digits: str) -> int:
    return sum(map(int, digits[::-2])) + 3 * sum(map(int, digits[-2::-2]))


CHECKS: dict[str, Callable[[str], bool]] = {
    "s10": fits_s10,
    "gs1": fits_gs1,
    "smartpost": fits_smartpost,
    "usps_20": fits_usps_20,
    "gls": fits_gls,
    "identcode": fits_identcode,
    "ups": fits_ups,
    "fedex_express": fits_fedex_express,
    "modulo_7": fits_modulo_7,
    "modulo_37_36": fits_modulo_37_36,
}
"""By their names in `numbers.toml`."""
