"""What must be so after every fault, once everything has settled."""

import time

from tests.embedded.patience import eventually
from tests.faults.accounts import ACCOUNTS, Account
from tests.faults.installation import SHOP, Installation
from tests.faults.traffic import Acknowledged


def check_all_is_well(installation: Installation, acknowledged: Acknowledged) -> None:
    account = Account(acknowledged=acknowledged)
    ACCOUNTS.append(account)
    began = time.monotonic()
    eventually(installation.has_told, within=180)
    account.seconds_to_tell = time.monotonic() - began
    eventually(installation.has_counted, within=180)
    account.lost = len(lost(installation, acknowledged))
    findings = installation.findings()
    account.doctor = ", ".join(str(finding["check"]) for finding in findings) or "all is well"
    check_nothing_is_lost(installation, acknowledged)
    assert findings == []


def check_nothing_is_lost(installation: Installation, acknowledged: Acknowledged) -> None:
    """Each acknowledged change is there, once; the doctor says what belongs to it."""
    assert acknowledged.refusals == []
    assert lost(installation, acknowledged) == set()
    doubled = installation.ask(
        "SELECT order_id, ref, count(*) FROM events_event"
        " WHERE ref IN ('orders/placed', 'orders/fulfilled')"
        " GROUP BY order_id, ref HAVING count(*) > 1"
    )
    assert doubled == []
    for table, key in (
        ("orders_order", "order_number"),
        ("shipments_shipment", "tracking_number"),
        ("shipments_scan", "external_id"),
        ("claims_claim", "description"),
    ):
        twice = (
            f"SELECT {key} FROM {table} AS it JOIN shops_shop ON shops_shop.id = it.shop_id"
            f" WHERE shops_shop.slug = %s AND {key} <> '' GROUP BY 1 HAVING count(*) > 1"
        )
        assert installation.ask(twice, SHOP) == []


def lost(installation: Installation, acknowledged: Acknowledged) -> set[object]:
    """What was acknowledged and is not there."""
    missing: set[object] = set()
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
        missing |= set(kept) - {row[0] for row in installation.ask(statement)}
    return missing
