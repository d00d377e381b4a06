"""What must be so after every fault, once everything has settled."""

from tests.embedded.patience import eventually
from tests.faults.installation import Installation
from tests.faults.traffic import Acknowledged


def check_all_is_well(installation: Installation, acknowledged: Acknowledged) -> None:
    eventually(installation.is_settled, within=180)
    check_nothing_is_lost(installation, acknowledged)
    assert installation.findings() == []


def check_nothing_is_lost(installation: Installation, acknowledged: Acknowledged) -> None:
    """Each acknowledged change is there, once; the doctor says what belongs to it."""
    assert acknowledged.refusals == []
    for kept, statement in (
        (
            acknowledged.orders,
            (
                "SELECT o.order_number FROM orders_order AS o JOIN shipments_shipment AS s"
                " ON s.order_id = o.id AND s.tracking_number = 'PARCEL-' || o.order_number"
            ),
        ),
        (acknowledged.scans, "SELECT external_id FROM shipments_scan"),
        (acknowledged.claims, "SELECT id::text FROM claims_claim"),
    ):
        stored = [row[0] for row in installation.ask(statement)]
        assert set(kept) <= set(stored)
        assert len(stored) == len(set(stored))
    doubled = installation.ask(
        "SELECT order_id, ref, count(*) FROM events_event"
        " WHERE ref IN ('orders/placed', 'orders/fulfilled')"
        " GROUP BY order_id, ref HAVING count(*) > 1"
    )
    assert doubled == []
