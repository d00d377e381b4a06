import pytest

from webhooks.subscriptions import GROUPS, fault_of, is_wanted

ATTEMPTED = {
    "ref": "shipments/in_delivery/DELIVERY_ATTEMPTED",
    "event_group": "shipment_delivery_failed",
}
NEIGHBOUR = {
    "ref": "shipments/delivered/DELIVERED_TO_NEIGHBOUR",
    "event_group": "shipment_delivered_to_neighbour",
}
OWN = {"ref": "shipments/in_transit/PACKED_WITH_LOVE", "event_group": "shipment_internal_trigger"}


@pytest.mark.parametrize(
    ("wanted", "event", "is_told"),
    [
        ("*", ATTEMPTED, True),
        ("shipments", ATTEMPTED, True),
        ("shipments/in_delivery", ATTEMPTED, True),
        ("shipments/in_delivery/DELIVERY_ATTEMPTED", ATTEMPTED, True),
        ("shipment_delivery_failed", ATTEMPTED, True),
        ("shipments/in_deliver", ATTEMPTED, False),
        ("shipments/in_delivery/DELIVERY", ATTEMPTED, False),
        ("shipment_delivery", ATTEMPTED, False),
        ("orders", ATTEMPTED, False),
        ("shipment_delivered", NEIGHBOUR, False),
        ("shipment_delivered_all_events", NEIGHBOUR, True),
        ("shipment_delivered_all_events", ATTEMPTED, False),
        ("*", OWN, True),
        ("shipments", OWN, False),
        ("shipments/in_transit/PACKED_WITH_LOVE", OWN, False),
        ("shipment_internal_trigger", OWN, False),
    ],
)
def test_a_filter_is_a_path_prefix_by_segment_or_a_group(wanted, event, is_told):
    assert is_wanted([wanted], **event) is is_told
    assert is_wanted(["claims", wanted], **event) is is_told


@pytest.mark.parametrize(
    "wanted",
    [
        "*",
        "claims",
        "claims/created",
        "orders/placed",
        "shipments/delivered",
        "shipments/in_delivery/DELIVERY_ATTEMPTED",
        *sorted(GROUPS),
    ],
)
def test_what_can_be_wanted(wanted):
    assert fault_of(wanted) is None


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "**",
        "shipment",
        "shipments/",
        "shipments/lost",
        "shipments/delivered/",
        "shipments/delivered/A/B",
        "claims/deleted",
        "orders/placed/X",
        "/shipments",
        "shipments//X",
        "shipment_deliverd",
        "shipments/delivered/ö",
    ],
)
def test_what_would_never_be_told_of_anything_is_a_fault(wanted):
    assert fault_of(wanted)
