"""Who says which carrier a parcel has: the shop, else the match, and over both a person."""

import pytest

from events.models import Event
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from intake.wave import Outcome
from orders.models import Order
from shipments.carrier_reasons import AS_THE_SHOP_SAID, BY_HAND
from shipments.matching import names, numbers
from shipments.models import Shipment
from shipments.services import correct_carrier, detach_tracking
from shops.models import Shop
from tests.documented_order import documented_order
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

UPS = "1Z5R89390357567127"


def carrier_of(shop: Shop) -> tuple[str, float, str]:
    shipment = Shipment.objects.of(shop).get()
    return shipment.carrier_reference, shipment.carrier_confidence, shipment.carrier_reason


def upsert(shop: Shop, order: Order, **tracking: str) -> Outcome:
    said = {"id": order.order_number, "trackings": [{"tracking_number": UPS, **tracking}]}
    return upsert_order(shop, UpsertInput.model_validate(said)).outcome


def test_a_tracking_without_a_carrier_gets_one_with_its_confidence_and_reason():
    shop = make_shop()

    fulfil(shop, place(shop), UPS)

    assert carrier_of(shop) == ("ups", 0.99, "UPS 1Z number with a correct check digit")
    attached = Event.objects.of(shop).get(ref__endswith="ORDER_IN_PROCESSING")
    assert attached.event_data["carrier_reference"] == "ups"


def test_what_nobody_knows_stays_open():
    shop = make_shop()

    fulfil(shop, place(shop), "1234567890", tracking_company="Somebody")

    reference, confidence, reason = carrier_of(shop)
    assert (reference, confidence) == ("", 0)
    assert "“Somebody” names no carrier that we know" in reason


@pytest.mark.parametrize(
    ("country_code", "carrier"), [("AT", "postat"), ("US", ""), (None, "postat")]
)
def test_the_destination_is_where_the_order_goes(country_code, carrier):
    shop = make_shop()
    address = {"zip_code": "1010", "country_code": country_code}
    said = documented_order(order_number="1", address=address)
    tracking = {"tracking_number": "1000123456789012345678"}

    upsert_order(
        shop, UpsertInput.model_validate({"id": "1", "order": said, "trackings": [tracking]})
    )

    assert carrier_of(shop)[0] == carrier


def test_a_new_address_in_the_same_upsert_counts():
    shop = make_shop()
    order = place(shop, address={"zip_code": "1", "country_code": "US"})
    address = {"zip_code": "1010", "country_code": "AT"}
    said = documented_order(
        order_number=order.order_number, external_id=order.external_id, address=address
    )
    trackings = [{"tracking_number": "1000123456789012345678"}]

    upsert_order(
        shop,
        UpsertInput.model_validate(
            {"id": order.order_number, "order": said, "trackings": trackings}
        ),
    )

    assert "it goes to AT" in carrier_of(shop)[2]


def test_a_carrier_that_the_shop_names_is_taken_as_given():
    shop = make_shop()

    fulfil(shop, place(shop), UPS, carrier_reference="dhl")

    assert carrier_of(shop) == ("dhl", 1, AS_THE_SHOP_SAID)


def test_the_shop_may_name_the_carrier_later_also_the_one_that_was_matched():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    outcomes = [upsert(shop, order, carrier_reference=r) for r in ("ups", "ups", "gls")]

    assert outcomes == [Outcome.UPDATED, Outcome.UNCHANGED, Outcome.UPDATED]
    assert carrier_of(shop) == ("gls", 1, AS_THE_SHOP_SAID)


def test_another_company_text_is_matched_again():
    shop = make_shop()
    order = fulfil(shop, place(shop), "09133131530724")
    assert carrier_of(shop)[0] == ""

    fulfil(shop, order, "09133131530724", tracking_company="Hermes")

    assert carrier_of(shop)[0] == "hrs"


def test_a_company_text_does_not_undo_what_the_shop_named():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS, carrier_reference="dhl")

    upsert(shop, order, tracking_company="UPS")

    assert carrier_of(shop) == ("dhl", 1, AS_THE_SHOP_SAID)


def test_the_same_again_is_unchanged_whatever_the_rules_say_by_then(monkeypatch):
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS, tracking_company="UPS Standard")
    matched, events = carrier_of(shop), Event.objects.count()
    monkeypatch.setattr(numbers, "_RULES", {})
    monkeypatch.setattr(names, "_NAMES", {})

    same = upsert(shop, order, tracking_company="UPS Standard")
    fewer = upsert(shop, order)

    assert [same, fewer] == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert carrier_of(shop) == matched
    assert Event.objects.count() == events


def test_a_correction_is_by_hand_and_is_not_undone():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    corrected = correct_carrier(Shipment.objects.select_related("order__shop").get(), "gls")
    upsert(shop, order, carrier_reference="dhl", tracking_company="UPS")

    assert corrected.carrier_reference == "gls"
    assert carrier_of(shop) == ("gls", 1, BY_HAND)


def test_a_correction_tells_that_the_carrier_changed():
    shop = make_shop()
    fulfil(shop, place(shop), UPS)
    shipment = Shipment.objects.select_related("order__shop").get()

    correct_carrier(shipment, "gls")
    correct_carrier(shipment, "gls")

    told = Event.objects.of(shop).get(event_group="shipment_carrier_changed")
    assert told.ref == "shipments/order_processed/CARRIER_CHANGED"
    assert told.event_data["carrier_reference"] == "gls"


def test_to_confirm_a_match_by_hand_tells_no_change_of_carrier():
    shop = make_shop()
    fulfil(shop, place(shop), UPS)

    correct_carrier(Shipment.objects.select_related("order__shop").get(), "ups")

    assert carrier_of(shop) == ("ups", 1, BY_HAND)
    assert not Event.objects.filter(event_group="shipment_carrier_changed").exists()


def test_a_new_tracking_after_a_detached_one_is_matched_anew():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)
    correct_carrier(Shipment.objects.select_related("order__shop").get(), "gls")
    detach_tracking(Shipment.objects.select_related("order__shop").get())
    assert carrier_of(shop) == ("", 0, "")

    fulfil(shop, order, "RN573817394CH")

    assert carrier_of(shop)[0] == "swisspost"


def test_a_carrier_from_before_matches_were_kept_counts_as_said():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS, carrier_reference="dhl")
    Shipment.objects.of(shop).update(carrier_confidence=0, carrier_reason="")
    Order.objects.of(shop).update(last_upsert_digest="")

    outcome = upsert(shop, order, carrier_reference="dhl")

    assert outcome is Outcome.UNCHANGED
    assert carrier_of(shop) == ("dhl", 0, "")
