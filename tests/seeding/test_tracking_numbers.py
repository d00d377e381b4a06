from random import Random

import pytest

from seeding.catalogue import COUNTRIES
from seeding.tracking_numbers import (
    fedex_check_digit,
    gs1_check_digit,
    s10_check_digit,
    tracking_number,
    ups_check_digit,
)
from shipments.carriers import CARRIERS


def test_check_digits_are_those_of_published_samples():
    assert s10_check_digit("47312482") == 9  # RR473124829RU, UPU S10
    assert ups_check_digit("5R8939035756712") == 7  # 1Z5R89390357567127
    assert ups_check_digit("12345E660527223") == 4  # 1Z12345E6605272234
    assert fedex_check_digit("98657878885") == 5  # 986578788855
    assert gs1_check_digit("940011120255584233266") == 9  # 9400111202555842332669
    assert gs1_check_digit("34043416109401590") == 2  # 00340434161094015902


@pytest.mark.parametrize(
    ("carrier", "length"),
    [("royalmail", 13), ("ups", 18), ("dhl", 20), ("fedex", 12), ("usps", 22), ("dhlexp", 10)],
)
def test_numbers_have_the_length_of_their_carriers(carrier, length):
    rng = Random(1)

    assert {len(tracking_number(rng, carrier, "GB")) for _ in range(200)} == {length}


def test_every_carrier_of_the_catalogue_is_known():
    assert {carrier for country in COUNTRIES.values() for carrier in country.carriers} <= set(
        CARRIERS
    )
