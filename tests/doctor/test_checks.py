"""Each check: a row that somebody broke past the services is found, and mended where that is
promised; before and after, there is nothing to say."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from analytics.refresh import refresh
from claims.models import ClaimPhoto
from common.encryption import encrypt
from common.ids import new_id
from doctor.checks import media, queues, surroundings
from doctor.checks.catalogue import OF_INSTALLATION, OF_SHOPS
from doctor.checks.definitions import TRIGGERS, expected
from doctor.examination import Finding, examine
from orders.models import Order
from orders.services import cancel_order
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, make_campaign, make_claim, make_member, make_shop, place
from webhooks.dispatch import dispatch
from webhooks.models import Webhook
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = {check.name: check for check in (*OF_SHOPS, *OF_INSTALLATION)}


@pytest.fixture
def shop(settings) -> Shop:
    """One with an order of each state, a parcel that was delivered, a claim and a webhook."""
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    shop = make_shop()
    create_webhook(shop, url="https://receiver.example/", enabled_events=["orders"])
    run(
        "UPDATE webhooks_webhook SET created_at = now() - '1 hour'::interval,"
        " updated_at = now() - '1 hour'::interval"
    )
    cancel_order(place(shop, order_number="cancelled"))
    place(shop, order_number="placed", expected_number_of_shipments=2)
    order = place(shop, order_number="sent")
    fulfil(shop, order, "TRACK-1")
    for number, name in enumerate(("DEPARTURE_FROM_TRANSPORT_HUB", "SUCCESSFULLY_DELIVERED")):
        scan(parcel(shop), name, external_id=str(number))
    make_claim(order)
    dispatch()
    refresh(shop)
    return shop


def parcel(shop: Shop) -> Shipment:
    return Shipment.objects.of(shop).select_related("shop").get(tracking_number="TRACK-1")


def scan(shipment: Shipment, name: str, *, external_id: str) -> None:
    at = timezone.now() - timedelta(hours=5 - int(external_id))
    said = ScanInput(event_name=name, event_time=at, external_id=external_id)
    record_scan(shipment, said, feed=Feed.API)


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def examined(shop: Shop, name: str, *, mends: bool = False) -> list[Finding]:
    check = CHECKS[name]
    of_shops = [check] if check in OF_SHOPS else []
    of_installation = [check] if check in OF_INSTALLATION else []
    return list(examine([shop], of_shops, of_installation, mends=mends, pause=0))


BROKEN = [
    ("order-states", "UPDATE orders_order SET state = 'placed' WHERE order_number = 'sent'"),
    (
        "order-parcels",
        (
            "DELETE FROM shipments_shipment WHERE order_id IN (SELECT id FROM orders_order"
            " WHERE order_number = 'placed') AND position = 1"
        ),
    ),
    ("phases", "UPDATE shipments_shipment SET phase = 'in_transit' WHERE phase = 'delivered'"),
    ("phases", "UPDATE shipments_shipment SET last_scan_at = now() WHERE phase = 'delivered'"),
    ("phases", "UPDATE shipments_shipment SET phase_scan_id = NULL WHERE phase = 'delivered'"),
    ("flags", "UPDATE shipments_shipment SET flag = 'error' WHERE phase = 'delivered'"),
    (
        "delivery-times",
        "UPDATE shipments_shipment SET delivered_at = NULL WHERE phase = 'delivered'",
    ),
    ("order-events", "DELETE FROM events_event WHERE ref = 'orders/placed'"),
    ("order-events", "DELETE FROM events_event WHERE ref = 'orders/fulfilled'"),
    ("order-events", "DELETE FROM events_event WHERE ref = 'orders/cancelled'"),
    ("tracking-events", "DELETE FROM events_event WHERE ref LIKE '%%/ORDER_IN_PROCESSING'"),
    (
        "deliveries",
        (
            "DELETE FROM webhooks_delivery WHERE message_id IN"
            " (SELECT id FROM webhooks_message WHERE ref = 'orders/fulfilled')"
        ),
    ),
    ("rollups", "UPDATE analytics_orderday SET orders = orders + 1 WHERE dimension = ''"),
]


@pytest.mark.parametrize(("name", "statement"), BROKEN)
def test_a_broken_row_is_found_and_mended(shop: Shop, name: str, statement: str) -> None:
    assert examined(shop, name) == []
    run(statement)

    [finding] = examined(shop, name)
    assert finding.troubles

    [mended] = examined(shop, name, mends=True)
    assert mended.mended
    assert mended.troubles == []
    assert examined(shop, name) == []


FOUND = [
    (
        "order-lines",
        (
            "INSERT INTO orders_orderline SELECT (jsonb_populate_record(line, jsonb_build_object("
            "'id', gen_random_uuid()))).* FROM orders_orderline AS line"
        ),
    ),
    (
        "parcel-lines",
        (
            "INSERT INTO shipments_shipmentline (id, shop_id, shipment_id, position, product_id,"
            " variant_id, sku, title, quantity, size, images, tax_lines, bundled_products, type)"
            " SELECT gen_random_uuid(), shop_id, id, 0, '', '', '', '', 1, '', '[]', '[]', '[]',"
            " 'product' FROM shipments_shipment"
        ),
    ),
    ("scan-events", "DELETE FROM events_event WHERE ref LIKE '%%/SUCCESSFULLY_DELIVERED'"),
    ("claim-events", "DELETE FROM events_event WHERE ref = 'claims/created'"),
    ("event-subjects", "UPDATE events_event SET order_id = gen_random_uuid()"),
    ("event-subjects", "UPDATE events_event SET ref = 'claims/placed' WHERE ref = 'orders/placed'"),
    ("order-events", "UPDATE events_event SET ref = 'orders/placed' WHERE source = 'orders'"),
    ("messages", "DELETE FROM events_event WHERE ref = 'orders/placed'"),
    ("unwanted-deliveries", """UPDATE webhooks_webhook SET enabled_events = '["claims"]'"""),
    (
        "unrelayed-events",
        "UPDATE events_event SET is_relayed = false, created_at = now() - '1 hour'::interval",
    ),
    ("due-deliveries", "UPDATE webhooks_delivery SET state = 'held'"),
    (
        "due-deliveries",
        "UPDATE webhooks_delivery SET next_attempt_at = now() - '1 hour'::interval",
    ),
    ("secrets", "UPDATE webhooks_webhook SET secret = 'gAAAAAB'"),
]


@pytest.mark.parametrize(("name", "statement"), FOUND)
def test_what_cannot_be_mended_is_found_and_told(shop: Shop, name: str, statement: str) -> None:
    assert examined(shop, name) == []
    run(statement)
    [finding] = examined(shop, name, mends=True)
    assert finding.troubles


def test_a_cancelled_order_with_a_parcel_that_was_sent_is_left_to_people(shop: Shop) -> None:
    run("UPDATE orders_order SET state = 'cancelled', cancelled_at = now() WHERE state <> 'placed'")
    [finding] = examined(shop, "order-states", mends=True)
    assert [trouble.label for trouble in finding.troubles] == ["sent"]
    assert finding.mended == 0


def test_an_attribution_of_which_nothing_speaks_is_taken_back(shop: Shop) -> None:
    campaign = make_campaign(shop)
    order = Order.objects.of(shop).get(order_number="placed")
    run("UPDATE orders_order SET order_analytics = '{}', discounts = '[]'")
    run(
        "INSERT INTO campaigns_attribution (id, shop_id, order_id, campaign_id, way, evidence,"
        " attributed_at) VALUES (%s, %s, %s, %s, 'analytics', 'utm_campaign', now())",
        *(new_id(), shop.id, order.id, campaign.id),
    )
    [mended] = examined(shop, "attributions", mends=True)
    assert (mended.mended, mended.troubles) == (1, [])


def test_a_line_of_another_shops_order_is_found(shop: Shop) -> None:
    assert examined(shop, "shops-apart") == []
    other = place(make_shop())
    run("SET session_replication_role = replica")  # as in a restore: no key is checked
    try:
        run("UPDATE orders_orderline SET order_id = %s WHERE shop_id = %s", other.id, shop.id)
    finally:
        run("RESET session_replication_role")
    [finding] = examined(shop, "shops-apart")
    assert {trouble.detail for trouble in finding.troubles} == {
        "its order is missing, or another shop's"
    }


def test_a_photo_without_its_file_and_a_file_without_its_photo_are_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = InMemoryStorage()
    monkeypatch.setattr(media, "default_storage", storage)
    monkeypatch.setattr(media, "STORED_BEFORE_ITS_ROW", timedelta())
    claim = make_claim(Order.objects.of(shop).get(order_number="placed"))
    photo_id = new_id()
    ClaimPhoto.objects.create(
        id=photo_id,
        shop=shop,
        claim=claim,
        file=f"claims/{shop.id}/{photo_id}.jpg",
        width=1,
        height=1,
        size=1,
        digest="0" * 32,
    )
    [without_file] = examined(shop, "photos")
    assert [trouble.subject for trouble in without_file.troubles] == [str(photo_id)]

    kept, stray = f"claims/{shop.id}/{photo_id}.jpg", f"claims/{shop.id}/{uuid4()}.jpg"
    for name in (kept, stray):
        storage.save(name, ContentFile(b"picture"))
    assert examined(shop, "photos") == []
    [without_row] = examined(shop, "files", mends=True)
    assert (without_row.mended, without_row.troubles) == (1, [])
    assert storage.exists(kept)
    assert not storage.exists(stray)


def test_marks_that_nobody_takes_are_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    place(shop)
    assert examined(shop, "old-marks") == []
    monkeypatch.setattr(queues, "LATE", timedelta())
    assert examined(shop, "old-marks")


def test_mails_and_jobs_that_nobody_takes_are_found(shop: Shop) -> None:
    for name in ("due-mails", "running-jobs"):
        assert examined(shop, name) == []
    run(
        "INSERT INTO notices_mail (id, shop_id, audience, event_group, about_id, recipient, state,"
        " next_attempt_at) VALUES (gen_random_uuid(), %s, 'staff', 'claim_created',"
        " gen_random_uuid(), 'ada@example.com', 'waiting', now() - '1 hour'::interval)",
        shop.id,
    )
    run(
        "INSERT INTO jobs_job (id, shop_id, kind, asked, actor, state, place, done, skipped,"
        " failed, updated_at) VALUES (gen_random_uuid(), %s, 'cancel_orders', '{}', 'ada',"
        " 'running', '', 0, 0, 0, now() - '1 hour'::interval)",
        shop.id,
    )
    for name in ("due-mails", "running-jobs"):
        assert examined(shop, name)


def test_a_constraint_that_was_never_proven_is_proven(shop: Shop) -> None:
    assert examined(shop, "schema") == []
    run("ALTER TABLE jobs_job ADD CONSTRAINT at_least_one CHECK (total >= 0) NOT VALID")
    try:
        [mended] = examined(shop, "schema", mends=True)
        assert (mended.mended, mended.troubles) == (1, [])
    finally:
        run("ALTER TABLE jobs_job DROP CONSTRAINT at_least_one")


def test_a_trigger_that_is_off_is_switched_on(shop: Shop) -> None:
    run("ALTER TABLE orders_order DISABLE TRIGGER USER")
    [mended] = examined(shop, "schema", mends=True)
    assert mended.mended
    assert examined(shop, "schema") == []


def test_what_a_killed_migration_left_is_dropped_before_it_refuses_rows(shop: Shop) -> None:
    run("ALTER TABLE jobs_job ADD CONSTRAINT jobs_job_before CHECK (created_at < '2999-01-01')")
    [mended] = examined(shop, "schema", mends=True)
    assert (mended.mended, mended.troubles) == (1, [])


@pytest.mark.parametrize("day", ["2030-04-01", "2031-12-31", "2033-05-06"])
def test_pieces_that_beat_did_not_make_or_drop_are_found(shop: Shop, monkeypatch, day: str) -> None:
    later = datetime.fromisoformat(f"{day}T00:30:00+00:00")
    assert examined(shop, "pieces") == []
    monkeypatch.setattr(timezone, "now", lambda: later)
    with transaction.atomic():
        [finding] = examined(shop, "pieces", mends=True)
        transaction.set_rollback(True)
    assert finding.mended > 3
    assert finding.troubles == []


def test_keys_indexes_and_triggers_that_are_gone_are_found(shop: Shop) -> None:
    assert examined(shop, "definitions") == []
    with transaction.atomic():
        run("ALTER TABLE orders_order DROP CONSTRAINT order_number_in_shop")
        run("ALTER TABLE orders_orderline DROP CONSTRAINT orders_orderline_order_id_in_shop")
        run("ALTER TABLE orders_orderline DROP CONSTRAINT orders_orderline_pkey")
        run("DROP INDEX order_newest")
        run("DROP TRIGGER analytics_moved ON orders_order")
        run("DROP TABLE portal_savedfilter")
        run("ALTER TABLE shops_user DROP CONSTRAINT shops_user_email_key")
        run("DROP TABLE shops_user_groups")
        run(f"DROP INDEX {index_of('shops_user', 'email varchar_pattern_ops')}")
        run(f"DROP INDEX {index_of('shops_shop', 'organization_id')}")
        run(f"DROP INDEX {index_of('auditlog_logentry', 'cid')}")
        run("DROP INDEX edit_of_shop")
        [finding] = examined(shop, "definitions")
        transaction.set_rollback(True)
    assert {trouble.subject for trouble in finding.troubles} == {
        "index auditlog_logentry edit_of_shop",
        "plain index auditlog_logentry cid",
        "pattern index shops_user email",
        "plain index shops_shop organization_id",
        "index orders_order order_newest",
        "index orders_order order_number_in_shop",
        "primary key orders_orderline primary key",
        "reference orders_orderline order_id",
        "table portal_savedfilter",
        "table shops_user_groups",
        "trigger orders_order analytics_moved",
        "unique key shops_user email",
    }


def index_of(table: str, what: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
            [table, f"% ({what})"],
        )
        [(name,)] = cursor.fetchall()
    return str(name)


def test_the_indexes_that_are_looked_for_are_all_there_are() -> None:
    """But for those of primary keys, and of the pieces of a cut table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indrelid"
            " WHERE relnamespace = current_schema()::regnamespace"
            " AND NOT indisprimary AND NOT relispartition"
        )
        definitions = [definition_of(statement) for (statement,) in cursor.fetchall()]
    looked_for = expected()
    by_columns = [one for one in looked_for if one[0] in {"unique key", *BY_COLUMNS}]
    unnamed = [by_column for by_name, by_column in definitions if by_name not in looked_for]
    assert sorted(unnamed) == sorted(by_columns)


BY_COLUMNS = ("plain index", "pattern index")


def definition_of(statement: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Of an index, as the check may expect it: by its name, or by its columns."""
    said = re.fullmatch(
        r"CREATE (UNIQUE )?INDEX (\w+) ON (?:ONLY )?\w+\.(\w+) USING (.*)",
        statement.replace('"', ""),
    )
    assert said, statement
    is_unique, name, table, what = said.groups()
    columns = re.sub(r"\Abtree \((.*?)( (varchar|text)_pattern_ops)?\)\Z", r"\1", what)
    kind = "unique key" if is_unique else BY_COLUMNS["pattern_ops" in what]
    return ("index", table, name), (kind, table, columns)


def test_the_triggers_that_are_looked_for_are_all_there_are(shop: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgparentid = 0"
        )
        assert set(cursor.fetchall()) == TRIGGERS


def test_a_migration_that_is_not_applied_is_found(shop: Shop) -> None:
    recorder = MigrationRecorder(connection)
    name = max(name for app, name in recorder.applied_migrations() if app == "jobs")
    recorder.record_unapplied("jobs", name)
    try:
        [finding] = examined(shop, "migrations")
        assert [trouble.label for trouble in finding.troubles] == [f"jobs.{name}"]
    finally:
        recorder.record_applied("jobs", name)


def test_a_second_factor_that_cannot_be_read_is_found(shop: Shop) -> None:
    factor = Authenticator.objects.create(
        user=make_member(shop), type=Authenticator.Type.TOTP, data={"secret": encrypt("secret")}
    )
    assert examined(shop, "second-factors") == []
    factor.data = {"secret": "gAAAAAB"}
    factor.save()
    assert examined(shop, "second-factors")


def test_clocks_that_are_apart_and_a_full_disk_are_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("clocks", "disk", "servers"):
        assert examined(shop, name) == []
    monkeypatch.setattr(surroundings, "MOST_SKEW", -1.0)
    monkeypatch.setattr(surroundings, "LEAST_FREE", 1.1)
    assert examined(shop, "clocks")
    assert examined(shop, "disk")


def test_what_is_right_at_the_second_look_was_only_being_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("UPDATE orders_order SET state = 'placed' WHERE order_number = 'sent'")
    right = "UPDATE orders_order SET state = 'fulfilled' WHERE order_number = 'sent'"
    monkeypatch.setattr("doctor.examination.time.sleep", lambda _: run(right))
    assert examined(shop, "order-states") == []


def test_a_webhook_is_not_missed_what_happened_before_it(shop: Shop) -> None:
    webhook = Webhook.objects.of(shop).get()
    create_webhook(shop, url="https://later.example/", enabled_events=["*"])
    assert examined(shop, "deliveries") == []
    run(
        "UPDATE webhooks_webhook SET created_at = now() + '1 hour'::interval, updated_at = now() -"
        " '1 hour'::interval WHERE id = %s",
        webhook.id,
    )
    [finding] = examined(shop, "unwanted-deliveries")
    assert finding.troubles[0].detail.startswith("happened before")


def test_a_database_that_may_lose_what_it_acknowledged_is_found(shop: Shop) -> None:
    """Tests run such a one, as it is faster."""
    [finding] = examined(shop, "database-settings")
    assert {trouble.subject for trouble in finding.troubles} == {"fsync", "full_page_writes"}


def test_every_check_finds_something_in_these_tests() -> None:
    """A check that nobody has seen find anything proves nothing."""
    text = Path(__file__).read_text()
    assert [name for name in CHECKS if f'"{name}"' not in text] == []
