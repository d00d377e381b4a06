"""An address as it stands on a label, in the order of lines of its country."""

from collections.abc import Mapping

from common.countries import country_called, country_code

STATE_AFTER_CITY = {"US", "CA", "AU"}
ZIP_ON_ITS_OWN_LINE = {"GB", "IE"}


def label_lines(address: Mapping[str, str]) -> list[str]:
    """From the recipient down to the country, without empty lines and repetitions."""
    street = [address.get("address_line_1", ""), address.get("address_line_2", "")]
    lines = [
        address.get("name", ""),
        address.get("company", ""),
        *(street if any(street) else [address.get("street", "")]),
        *_city_lines(address),
        country_of(address),
    ]
    return [line for line in lines if line]


def place_of(address: Mapping[str, str]) -> str:
    """City and country, short: “Berlin, Germany”."""
    return ", ".join(filter(None, [address.get("city", ""), country_of(address)]))


def country_of(address: Mapping[str, str]) -> str:
    """Its name in the language of the page, if its code or its name is known, else as sent.

    The code counts first, as it does for carriers and filters.
    """
    code, name = address.get("country_code", ""), address.get("country", "")
    return next(map(country_called, filter(country_code, (code, name))), name or code)


def _city_lines(address: Mapping[str, str]) -> list[str]:
    zip_code, city = address.get("zip_code", ""), address.get("city", "")
    country = address.get("country_code", "").upper()
    if country in STATE_AFTER_CITY:
        state = address.get("province_code", "") or address.get("province", "")
        return [", ".join(filter(None, [city, f"{state} {zip_code}".strip()]))]
    if country in ZIP_ON_ITS_OWN_LINE:
        return [city, zip_code]
    return [f"{zip_code} {city}".strip()]
