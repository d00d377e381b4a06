"""Carriers that are asked: their recorded answers, and every way in which they do not answer."""

import json
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from common.errors import Invalid
from intake.test_parcels import send_test_parcel
from shipments.catalogue.meanings import NAMES
from shipments.feeds.carriers import http, karrio_sdk, tracked
from shipments.feeds.carriers.connections import (
    CarrierConnected,
    connect_carrier,
    disconnect_carrier,
    enroll,
    replace_credentials,
    set_asking,
)
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.carriers.poll import (
    BATCH,
    connections_to_ask,
    forget_finished,
    poll_connection,
    try_connection,
)
from shipments.feeds.carriers.schedule import FINISHED_FOR, NEVER_FOUND_FOR, SILENT_FOR
from shipments.feeds.models import CarrierConnection, Poll
from shipments.feeds.simulator.stories import STORIES, Speed
from shipments.inputs import TrackingInput
from shipments.models import Feed, Scan, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shipments.services import attach_tracking, correct_carrier, detach_tracking
from shops.models import Shop
from tests.factories import fulfil, make_shop, place
from tests.shipments.feeds.carrier_server import Response, carrier_server, recorded

pytestmark = pytest.mark.django_db

CREDENTIALS = {
    "ups": {"client_id": "id", "client_secret": "the ups secret"},
    "dhl": {"consumer_key": "the dhl key", "consumer_secret": ""},
    "gls": {"client_id": "id", "client_secret": "the gls secret"},
    "fedex": {"track_api_key": "id", "track_secret_key": "the fedex secret"},
}
UPS, DHL = "1Z12345E0205271688", "00340434292135100186"


@pytest.fixture
def carrier(settings):
    with carrier_server() as server:
        settings.CARRIER_SERVERS = dict.fromkeys(CONNECTORS, server.url)
        server.answers = {
            "/security/v1/oauth/token": recorded("ups_token"),
            "/oauth2/v2/token": recorded("gls_token"),
            "/oauth/token": recorded("fedex_token"),
        }
        yield server


@pytest.fixture
def shop():
    return make_shop(timezone="Europe/Berlin")


def connect(shop: Shop, name: str) -> CarrierConnection:
    return connect_carrier(shop, CONNECTORS[name], CREDENTIALS[name])


def sent(shop: Shop, number: str, carrier: str, *, days_ago: float = 1) -> Shipment:
    at = (timezone.now() - timedelta(days=days_ago)).isoformat()
    order = fulfil(shop, place(shop), number, carrier_reference=carrier, tracking_placed_at=at)
    return order.shipments.get()


def ask(connection: CarrierConnection) -> int:
    return poll_connection(connection.shop_id, connection.id)


def make_due(**fields) -> None:
    Poll.objects.filter(**fields).update(due_at=timezone.now() - timedelta(seconds=1))


def names(shipment: Shipment) -> list[str]:
    return list(Scan.objects.filter(shipment=shipment).values_list("event_name", flat=True))


def sent_in_march(shop: Shop, number: str, carrier: str) -> Shipment:
    """When the recorded parcels were sent; it is on the list though that was long ago."""
    order = fulfil(
        shop,
        place(shop),
        number,
        carrier_reference=carrier,
        tracking_placed_at="2026-03-02T08:00:00Z",
    )
    return order.shipments.get()


# What carriers answer


def test_ups_reports_a_parcel(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent_in_march(shop, UPS, "ups")
    carrier.answers["/api/track/"] = recorded("ups_in_transit")

    assert ask(connection) == 1

    shipment.refresh_from_db()
    assert shipment.phase == "in_delivery"
    assert names(shipment) == [
        "OUT_FOR_DELIVERY",
        "DEPARTURE_FROM_TRANSPORT_HUB",
        "SHIPMENT_DATA_RECEIVED",
    ]
    out = Scan.objects.get(event_name="OUT_FOR_DELIVERY")
    assert out.event_time == datetime(2026, 3, 4, 5, 15, tzinfo=UTC)
    assert (out.location, out.feed) == ("Berlin, DE", Feed.CARRIER)
    assert shipment.arrival_end == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    headers = carrier.requests[-1][2]
    assert headers["authorization"] == "Bearer a-token"


def test_asked_again_the_same_is_no_news_and_what_is_new_is_added(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent_in_march(shop, UPS, "ups")
    carrier.answers["/api/track/"] = recorded("ups_in_transit")
    ask(connection)
    known = set(Scan.objects.values_list("id"))
    make_due()
    ask(connection)
    assert set(Scan.objects.values_list("id")) == known

    carrier.answers["/api/track/"] = recorded("ups_delivered")
    make_due()
    ask(connection)

    shipment.refresh_from_db()
    assert shipment.phase == "delivered"
    assert shipment.delivered_at == datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
    assert Scan.objects.count() == 4


def test_dhl_reports_a_parcel_with_the_zones_it_wrote(shop, carrier):
    connection, shipment = connect(shop, "dhl"), sent_in_march(shop, DHL, "dhl")
    carrier.answers["/track/shipments"] = recorded("dhl_in_transit")

    assert ask(connection) == 1

    shipment.refresh_from_db()
    assert shipment.phase == "in_delivery"
    assert list(
        Scan.objects.of(shop).order_by("event_time").values_list("event_name", "event_time")
    ) == [
        ("SHIPMENT_DATA_RECEIVED", datetime(2026, 3, 2, 16, 22, tzinfo=UTC)),
        ("IN_TRANSIT", datetime(2026, 3, 3, 20, 51, tzinfo=UTC)),
        ("OUT_FOR_DELIVERY", datetime(2026, 3, 4, 7, 5, tzinfo=UTC)),
    ]
    assert carrier.requests[-1][2]["dhl-api-key"] == "the dhl key"


def test_gls_is_asked_for_several_at_once(shop, carrier):
    connection = connect(shop, "gls")
    shipment = sent_in_march(shop, "12345678901", "gls")
    unknown = sent(shop, "98765432109", "gls")
    carrier.answers["/track-and-trace-v1/"] = recorded("gls_two_parcels")

    assert ask(connection) == 2

    assert carrier.asked("/track-and-trace-v1/") == 1
    shipment.refresh_from_db()
    assert shipment.phase == "collect"
    assert shipment.pickup["type"] == "shop"
    newest = Scan.objects.filter(shipment=shipment).first()
    assert newest.event_name == "DELIVERED_TO_PARCEL_SHOP"
    assert newest.event_time == datetime(2026, 3, 4, 14, 12, tzinfo=UTC)
    assert Poll.objects.get(shipment_id=unknown.id).misses == 1


def test_fedex_reports_a_parcel(shop, carrier):
    connection, shipment = connect(shop, "fedex"), sent_in_march(shop, "123456789012", "fedex")
    carrier.answers["/track/v1/trackingnumbers"] = recorded("fedex_in_transit")

    assert ask(connection) == 1

    shipment.refresh_from_db()
    assert shipment.phase == "in_delivery"
    assert names(shipment) == ["OUT_FOR_DELIVERY", "COLLECTED_BY_CARRIER"]
    first = Scan.objects.get(event_name="COLLECTED_BY_CARRIER")
    assert first.event_time == datetime(2026, 3, 3, 2, 30, tzinfo=UTC)


def test_fedex_knows_a_reused_number_twice(shop, carrier):
    connection, shipment = connect(shop, "fedex"), sent_in_march(shop, "123456789012", "fedex")
    answer = recorded("fedex_in_transit")
    said = json.loads(answer.body)
    said["output"]["completeTrackResults"][0]["trackResults"] *= 2
    twice = replace(answer, body=json.dumps(said).encode())
    carrier.answers["/track/v1/trackingnumbers"] = twice

    assert ask(connection) == 1

    shipment.refresh_from_db()
    assert shipment.phase == "in_delivery"


def test_nothing_but_the_tracking_is_fetched(shop, carrier):
    connection, shipment = connect(shop, "fedex"), sent_in_march(shop, "123456789012", "fedex")
    carrier.answers["/track/v1/trackingnumbers"] = recorded("fedex_delivered")
    carrier.answers["/track/v1/trackingdocuments"] = Response(b"", 403)

    ask(connection)

    shipment.refresh_from_db()
    connection.refresh_from_db()
    assert shipment.phase == "delivered"
    assert connection.last_trouble == ""
    assert carrier.asked("trackingdocuments") == 0


@pytest.mark.parametrize(
    ("name", "number", "path", "response"),
    [
        ("ups", UPS, "/api/track/", recorded("ups_not_found")),
        ("ups", UPS, "/api/track/", recorded("ups_not_found_404", 404)),
        ("dhl", DHL, "/track/shipments", recorded("dhl_not_found", 404)),
        ("fedex", "123456789012", "/track/v1/", recorded("fedex_not_found")),
    ],
)
def test_a_number_the_carrier_does_not_know_is_asked_for_less_and_less(
    shop, carrier, name, number, path, response
):
    connection, _ = connect(shop, name), sent(shop, number, name)
    carrier.answers[path] = response

    waits = []
    for _ in range(3):
        make_due()
        assert ask(connection) == 1
        waits.append(Poll.objects.get().due_at - timezone.now())

    connection.refresh_from_db()
    assert (connection.failures, connection.blocked_until) == (0, None)
    assert connection.last_answer_at is not None
    assert Poll.objects.get().misses == 3
    assert waits == sorted(waits)
    assert timedelta(hours=7) < waits[0] < timedelta(hours=9)
    assert waits[2] < timedelta(hours=27)
    assert not Scan.objects.exists()


# What keeps them from answering


def trouble_of(connection: CarrierConnection) -> tuple[str, timedelta]:
    connection.refresh_from_db()
    return connection.last_trouble, connection.blocked_until - timezone.now()


def test_a_carrier_that_is_asked_too_often_says_how_long_to_wait(shop, carrier):
    connection = connect(shop, "dhl")
    for number in range(4):
        sent(shop, f"0034043429213510018{number}", "dhl")
    carrier.answers["/track/shipments"] = recorded("dhl_too_many", 429, Retry_After="900")

    ask(connection)

    said, wait = trouble_of(connection)
    assert said == "The carrier was asked too often."
    assert timedelta(minutes=14) < wait < timedelta(minutes=16)
    assert carrier.asked() == 1
    assert {poll.failures for poll in Poll.objects.all()} == {0}
    assert Poll.objects.filter(due_at__gte=connection.blocked_until).count() == 4
    assert (connection.shop_id, connection.id) not in connections_to_ask()
    make_due()
    assert ask(connection) == 0
    assert carrier.asked() == 1


@pytest.mark.parametrize(
    ("name", "number", "answers"),
    [
        ("dhl", DHL, {"/track/shipments": recorded("dhl_unauthorized", 401)}),
        ("ups", UPS, {"/security/v1/oauth/token": recorded("ups_token_refused", 401)}),
        ("ups", UPS, {"/security/v1/oauth/token": recorded("ups_token_refused", 400)}),
    ],
)
def test_refused_credentials_are_left_alone_until_somebody_looks(
    shop, carrier, name, number, answers
):
    connection = connect(shop, name)
    sent(shop, number, name)
    carrier.answers |= answers

    ask(connection)

    said, wait = trouble_of(connection)
    assert said == "The carrier refuses the credentials."
    assert wait > timedelta(minutes=59)
    replace_credentials(connection, CREDENTIALS[name])
    connection.refresh_from_db()
    assert (connection.blocked_until, connection.last_trouble) == (None, "")


NONSENSE = [
    Response(b"<html>Down for maintenance</html>"),
    Response(b'{"trackResponse": {"shipment": ['),
    Response(b'{"trackResponse": {"shipment": [{"package": [{"activity": 7}]}]}}'),
    Response(b"\xff\xfe\x00", 200),
    Response(b"[]"),
    Response(b"Service Unavailable", 503),
    Response(b"", 500),
    Response(b"", 302, {"Location": "http://127.0.0.1:1/"}),
]


@pytest.mark.parametrize("response", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_tried_again_later_and_later(shop, carrier, response):
    connection = connect(shop, "ups")
    sent(shop, UPS, "ups")
    carrier.answers["/api/track/"] = response

    waits = []
    for _ in range(4):
        CarrierConnection.objects.update(blocked_until=None)
        make_due()
        ask(connection)
        waits.append(trouble_of(connection)[1])

    assert connection.failures == 4
    assert waits == sorted(waits)
    assert waits[3] > 3 * waits[0]
    assert Poll.objects.get().due_at > timezone.now()
    assert not Scan.objects.exists()


def test_one_unreadable_answer_costs_only_its_number(shop, carrier):
    connection = connect(shop, "dhl")
    shipment = sent_in_march(shop, DHL, "dhl")
    sent(shop, "00340434292135100999", "dhl")
    carrier.answers["00340434292135100999"] = Response(b"<html>")
    carrier.answers["/track/shipments"] = recorded("dhl_in_transit")

    assert ask(connection) == 2

    shipment.refresh_from_db()
    connection.refresh_from_db()
    assert shipment.phase == "in_delivery"
    assert connection.blocked_until is None
    assert Poll.objects.get(tracking_number="00340434292135100999").failures == 1


def test_an_answer_that_cannot_be_taken_in_costs_only_its_number(shop, carrier):
    """Half of a surrogate pair: JSON can say it, and nobody can store it."""
    connection = connect(shop, "dhl")
    shipment = sent_in_march(shop, DHL, "dhl")
    sent_in_march(shop, "00340434292135100999", "dhl")
    good = recorded("dhl_in_transit")
    said = json.loads(good.body)
    said["shipments"][0]["events"][0]["description"] = "\ud800"
    carrier.answers["00340434292135100999"] = Response(json.dumps(said).encode())
    carrier.answers["/track/shipments"] = good

    assert ask(connection) == 2

    shipment.refresh_from_db()
    connection.refresh_from_db()
    assert shipment.phase == "in_delivery"
    assert connection.blocked_until is None
    bad = Poll.objects.get(tracking_number="00340434292135100999")
    assert (bad.failures, bad.due_at > timezone.now()) == (1, True)


def test_a_carrier_that_says_nothing_is_waited_for_so_long_only(shop, carrier, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    connection = connect(shop, "dhl")
    for number in range(5):
        sent(shop, f"0034043429213510018{number}", "dhl")
    carrier.answers["/track/shipments"] = Response(hangs=True)

    ask(connection)

    said, _ = trouble_of(connection)
    assert said == "No answer in time."
    assert carrier.asked() == 3
    assert Poll.objects.filter(failures=0).count() == 2


def test_an_answer_without_end_is_not_read_to_it(shop, carrier, monkeypatch):
    monkeypatch.setattr(http, "MOST_BYTES", 1_000)
    connection = connect(shop, "dhl")
    sent(shop, DHL, "dhl")
    carrier.answers["/track/shipments"] = Response(b" " * 10_000)

    ask(connection)

    assert "longer than" in trouble_of(connection)[0]


def test_nobody_listens(shop, settings):
    settings.CARRIER_SERVERS = {"dhl": "http://127.0.0.1:1"}
    connection = connect(shop, "dhl")
    sent(shop, DHL, "dhl")

    ask(connection)

    assert trouble_of(connection)[0] == "The carrier takes no connection."


def test_credentials_that_cannot_be_decrypted_are_said_so(shop, carrier, settings):
    connection = connect(shop, "dhl")
    sent(shop, DHL, "dhl")
    settings.ENCRYPTION_KEYS = ["another key altogether"]

    ask(connection)

    assert "cannot be decrypted" in trouble_of(connection)[0]
    assert carrier.asked() == 0


def test_certificates_are_checked_though_karrio_would_not():
    assert ssl._create_default_https_context is ssl.create_default_context
    [handler] = [h for h in http._opener.handlers if hasattr(h, "https_open")]
    assert handler._context.verify_mode == ssl.CERT_REQUIRED
    assert handler._context.check_hostname


# Which parcels are asked for, and when


def test_only_real_parcels_of_this_carrier_and_shop_that_are_on_their_way(shop, carrier):
    connection = connect(shop, "ups")
    wanted = sent(shop, UPS, "ups")
    sent(shop, DHL, "dhl")
    sent(make_shop(), "1Z12345E0305271640", "ups")
    sent(shop, "not a number/../x", "ups")
    place(shop)
    send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
    Shipment.objects.filter(is_test=True).update(carrier_reference="ups")

    assert enroll(connection) == 1

    assert Poll.objects.get().shipment_id == wanted.id


def test_what_was_sent_before_the_carrier_was_connected_is_asked_for_too(shop, carrier):
    shipment = sent(shop, UPS, "ups", days_ago=3)
    Shipment.objects.update(updated_at=timezone.now() - timedelta(days=3))

    connection = connect(shop, "ups")

    assert enroll(connection) == 1
    assert enroll(connection) == 0
    assert Poll.objects.get().shipment_id == shipment.id


def test_a_replaced_number_is_asked_for_instead(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent(shop, UPS, "ups")
    enroll(connection)
    Poll.objects.update(due_at=None, misses=7)
    order = shipment.order
    detach_tracking(Shipment.objects.select_related("order__shop").get(id=shipment.id))
    new = TrackingInput(tracking_number="1Z12345E1505270452", carrier_reference="ups")
    attach_tracking(order, new)

    enroll(connection)

    poll = Poll.objects.get()
    assert (poll.tracking_number, poll.misses) == ("1Z12345E1505270452", 0)
    assert poll.due_at is not None


def test_a_corrected_carrier_is_the_one_that_is_asked(shop, carrier):
    ups, dhl = connect(shop, "ups"), connect(shop, "dhl")
    shipment = sent(shop, DHL, "ups")
    enroll(ups)
    correct_carrier(Shipment.objects.select_related("order__shop").get(id=shipment.id), "dhl")

    enroll(dhl)

    assert Poll.objects.get().connection_id == dhl.id


def test_a_number_that_is_gone_meanwhile_is_not_asked_for(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent(shop, UPS, "ups")
    enroll(connection)
    detach_tracking(Shipment.objects.select_related("order__shop").get(id=shipment.id))

    assert ask(connection) == 0

    assert carrier.requests == []
    assert Poll.objects.get().due_at is None


def test_what_its_customer_waits_for_most_is_asked_for_most(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent(shop, UPS, "ups")
    now = timezone.now()
    for phase, event, least, most in [
        ("in_transit", "IN_TRANSIT", timedelta(hours=1.7), timedelta(hours=2.3)),
        ("in_delivery", "OUT_FOR_DELIVERY", timedelta(minutes=17), timedelta(minutes=23)),
    ]:
        said = {"event_name": event, "event_time": now.isoformat(), "external_id": event}
        record_scan(shipment, ScanInput.model_validate(said), feed=Feed.API)
        carrier.answers["/api/track/"] = recorded("ups_in_transit")
        make_due()
        ask(connection)

        shipment.refresh_from_db()
        assert shipment.phase == phase
        assert least < Poll.objects.get().due_at - timezone.now() < most


@pytest.mark.parametrize(
    ("change", "is_over"),
    [
        ({"phase": "delivered", "phase_since": FINISHED_FOR}, True),
        ({"phase": "delivered", "phase_since": FINISHED_FOR / 2}, False),
        ({"tracking_placed_at": NEVER_FOUND_FOR}, True),
        ({"tracking_placed_at": NEVER_FOUND_FOR / 2}, False),
        ({"tracking_placed_at": SILENT_FOR, "last_scan_at": SILENT_FOR}, True),
        ({"tracking_placed_at": SILENT_FOR, "last_scan_at": SILENT_FOR / 2}, False),
    ],
)
def test_a_dead_number_is_not_asked_for_any_more(shop, carrier, change, is_over):
    connection, shipment = connect(shop, "ups"), sent(shop, UPS, "ups")
    carrier.answers["/api/track/"] = recorded("ups_not_found")
    enroll(connection)
    ago = timezone.now() - timedelta(hours=1)
    Shipment.objects.filter(id=shipment.id).update(
        **{
            name: ago - value if isinstance(value, timedelta) else value
            for name, value in change.items()
        }
    )

    assert ask(connection) == 1

    assert (Poll.objects.get().due_at is None) == is_over


def test_a_dead_number_is_forgotten_after_a_while(shop, carrier):
    connection, _ = connect(shop, "ups"), sent(shop, UPS, "ups")
    sent(shop, "1Z12345E0305271640", "ups")
    enroll(connection)
    now = timezone.now()
    Poll.objects.filter(tracking_number=UPS).update(due_at=None, last_asked_at=now)

    assert forget_finished(now + timedelta(days=29)) == 0
    assert forget_finished(now + timedelta(days=31)) == 1

    assert Poll.objects.get().due_at is not None


def test_a_batch_is_of_so_many_and_the_rest_stays_due(shop, carrier):
    connection = connect(shop, "gls")
    for number in range(BATCH + 3):
        sent(shop, f"1234567{number:04}", "gls")
    carrier.answers["/track-and-trace-v1/"] = Response(b'{"parcels": []}')

    assert (ask(connection), ask(connection), ask(connection)) == (BATCH, 3, 0)

    assert carrier.asked("/track-and-trace-v1/") == BATCH // 10 + 1


def test_what_a_dead_worker_held_is_due_again_when_its_lease_ends(shop, carrier, monkeypatch):
    connection, _ = connect(shop, "ups"), sent(shop, UPS, "ups")

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(http, "_open", kill)
        with pytest.raises(Killed):
            ask(connection)
    assert ask(connection) == 0
    lease = Poll.objects.get().due_at - timezone.now()
    assert timedelta(minutes=9) < lease <= timedelta(minutes=10)

    carrier.answers["/api/track/"] = recorded("ups_not_found")
    make_due()
    assert ask(connection) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_ask_for_each_number_once(carrier):
    shop = make_shop()
    connection = connect(shop, "dhl")
    for number in range(40):
        sent(shop, f"003404342921351{number:05}", "dhl")
    enroll(connection)
    carrier.answers["/track/shipments"] = recorded("dhl_not_found", 404)

    def run(_):
        try:
            return ask(connection)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as pool:
        asked = sum(pool.map(run, range(8)))

    assert asked == carrier.asked() == 40
    assert not Poll.objects.exclude(misses=1).exists()


def test_without_the_sdk_it_is_said_so(shop, monkeypatch):
    monkeypatch.setattr(karrio_sdk, "IS_INSTALLED", False)
    connection = connect(shop, "ups")

    try_connection(shop.id, connection.id)

    assert trouble_of(connection)[0] == "Carrier connections are not installed here."


# Connections


def test_credentials_are_stored_encrypted_and_only_what_is_known(shop):
    given = {**CREDENTIALS["ups"], "server_url": "http://evil.example", "test_mode": "1"}

    connection = connect_carrier(shop, CONNECTORS["ups"], given)

    row = CarrierConnection.objects.values().get()
    assert "the ups secret" not in str(row)
    connection.refresh_from_db()
    assert connection.credentials == CREDENTIALS["ups"]


def test_what_is_missing_is_named(shop):
    with pytest.raises(Invalid) as refusal:
        connect_carrier(shop, CONNECTORS["ups"], {"client_id": "a\x00b"})

    assert [fault.field for fault in refusal.value.faults] == ["client_id", "client_secret"]
    assert not CarrierConnection.objects.exists()


def test_a_carrier_is_connected_once(shop):
    connect(shop, "ups")

    with pytest.raises(CarrierConnected):
        connect(shop, "ups")

    connect(make_shop(), "ups")


def test_switched_off_it_asks_for_nothing(shop, carrier):
    connection = connect(shop, "ups")
    sent(shop, UPS, "ups")
    set_asking(connection, is_active=False)

    assert connections_to_ask() == []
    assert ask(connection) == 0
    assert carrier.requests == []


def test_removed_it_leaves_what_was_reported(shop, carrier):
    connection, shipment = connect(shop, "ups"), sent_in_march(shop, UPS, "ups")
    carrier.answers["/api/track/"] = recorded("ups_in_transit")
    ask(connection)

    disconnect_carrier(connection)

    assert not Poll.objects.exists()
    assert ask(connection) == 0
    assert len(names(shipment)) == 3


def test_trying_a_connection_says_whether_the_carrier_listens(shop, carrier):
    connection = connect(shop, "dhl")
    carrier.answers["/track/shipments"] = recorded("dhl_unauthorized", 401)
    try_connection(shop.id, connection.id)
    assert trouble_of(connection)[0] == "The carrier refuses the credentials."

    carrier.answers["/track/shipments"] = recorded("dhl_not_found", 404)
    try_connection(shop.id, connection.id)

    connection.refresh_from_db()
    assert (connection.last_trouble, connection.blocked_until) == ("", None)
    assert connection.last_answer_at is not None


def test_another_shops_connection_is_none_of_ours(shop, carrier):
    connection = connect(make_shop(), "ups")
    sent(connection.shop, UPS, "ups")

    assert poll_connection(shop.id, connection.id) == 0
    assert carrier.requests == []


def test_every_mapped_name_is_in_the_catalogue():
    said = tracked._NAMES
    mapped = {*said["statuses"].values(), *said["reasons"].values()}
    for tables in (said["codes"], said["phrases"], said["parcel_statuses"]):
        mapped |= {name for table in tables.values() for name in table.values()}

    assert mapped - {""} <= set(NAMES)
