"""What is done to many rows at once, by who may, with a result for each."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from jobs.models import Job
from jobs.work import work_off
from orders.models import Order
from orders.services import cancel_order
from portal.jobs.kinds import KINDS
from shipments.models import Shipment
from shops.models import Role
from tests.factories import fulfil, make_shop, place
from tests.portal.edits import exported
from tests.portal.pages import member_client, text_of
from webhooks.models import Delivery, DeliveryState
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop):
    return member_client(shop, Role.EDITOR)


def ask(client, shop, kind, **said):
    return client.post(f"/shops/{shop.slug}/jobs/do/{kind}", said)


def outcomes(client, shop, kind, **said):
    """By subject, once the job is done."""
    page = ask(client, shop, kind, confirmed="on", **said).headers["Location"]
    work_off(KINDS, seconds=20)
    rows = b"".join(client.get(f"{page}/rows.csv").streaming_content).decode()
    return {row["subject"]: row["outcome"] for row in csv.DictReader(io.StringIO(rows))}


def segments(order):
    return Order.objects.get(id=order.id).segments


def carrier(number):
    shipment = Shipment.objects.get(tracking_number=number)
    return shipment.carrier_reference, shipment.is_carrier_corrected


def test_the_question_says_how_many_and_asks_for_what_is_missing(shop, editor):
    orders = [place(shop) for _ in range(2)]

    page = ask(editor, shop, "add_segment", order=[order.id for order in orders])
    unsaid = ask(editor, shop, "add_segment", order=[orders[0].id], confirmed="on", segment=" ")

    assert "Add a segment to 2 orders?" in text_of(page)
    assert "Add it to 2 orders Leave them as they are" in text_of(page)
    assert "Add it to 1 order Leave it as it is" in text_of(unsaid)
    assert "This field is required." in text_of(unsaid)
    assert not Job.objects.exists()


def test_what_comes_after_the_question_is_not_meant_by_the_answer(shop, editor):
    asked_about = place(shop, segments=[])
    question = ask(editor, shop, "add_segment", everything="on", query="state=placed")
    later = place(shop, segments=[])

    until = question.context["until"]
    said = {"everything": "on", "query": "state=placed", "until": until, "segment": "vip"}
    found = outcomes(editor, shop, "add_segment", **said)

    assert f'value="{until}"' in question.content.decode()
    assert found == {asked_about.order_number: "done"}
    assert segments(later) == []
    assert question.context["back"] == f"/shops/{shop.slug}/orders?state=placed"


def test_a_segment_is_added_where_it_is_missing(shop, editor):
    without, having = place(shop, segments=["new"]), place(shop, segments=["vip"])
    cancelled = cancel_order(place(shop, segments=[]))

    ids = [order.id for order in (without, having, cancelled)]
    found = outcomes(editor, shop, "add_segment", order=ids, segment="vip")

    assert segments(without) == ["new", "vip"]
    assert found == {
        without.order_number: "done",
        having.order_number: "skipped",
        cancelled.order_number: "failed",
    }
    updated = Event.objects.of(shop).filter(ref="orders/updated").get()
    assert updated.event_data["changed"] == ["segments"]


def test_a_segment_is_taken_off_all_that_match_though_they_stop_matching(shop, editor):
    having = [place(shop, segments=["a", "vip"]) for _ in range(45)]
    other = place(shop, segments=["a"])

    said = {"everything": "on", "query": "segment=vip", "segment": "vip"}
    found = outcomes(editor, shop, "remove_segment", **said)

    assert set(found) == {order.order_number for order in having}
    assert all(segments(order) == ["a"] for order in [*having, other])


def test_the_audit_has_what_a_bulk_did_with_both_values_and_the_job(shop, editor):
    first, second, gone = place(shop, segments=["a"]), place(shop, segments=[]), place(shop)
    cancel_order(gone)

    ids = [order.id for order in (first, second, gone)]
    outcomes(editor, shop, "add_segment", order=ids, segment="vip")

    rows = exported(member_client(shop, Role.ADMIN), shop)
    assert {(row["record"], row["field"], row["before"], row["after"]) for row in rows} == {
        (first.order_number, "Segments", "['a']", "['a', 'vip']"),
        (second.order_number, "Segments", "", "['vip']"),
    }
    assert {(row["person"], row["job"]) for row in rows} == {
        (Job.objects.get().actor, "Add a segment")
    }


def test_a_batch_is_recorded_in_as_many_queries_however_many_orders_it_has(shop, editor):
    def cost(count):
        ids = [place(shop, segments=[]).id for _ in range(count)]
        ask(editor, shop, "add_segment", order=ids, segment="vip", confirmed="on")
        with CaptureQueriesContext(connection) as queries:
            work_off(KINDS, seconds=20)
        return sum("auditlog" in query["sql"] for query in queries)

    assert cost(2) == cost(12)


def test_an_order_has_no_more_segments_than_a_shop_may_send(shop, editor):
    order = place(shop, segments=[str(number) for number in range(200)])

    found = outcomes(editor, shop, "add_segment", order=[order.id], segment="one more")

    assert found == {order.order_number: "failed"}


def test_the_carrier_of_many_shipments_is_corrected(shop, editor):
    fulfil(shop, place(shop, order_number="1"), "A1", carrier_reference="dhl")
    fulfil(shop, place(shop, order_number="2"), "A2", carrier_reference="ups")
    place(shop, order_number="3")
    said = {"everything": "on", "query": "", "carrier_reference": "gls"}

    found = outcomes(editor, shop, "correct_carrier", **said)
    again = outcomes(editor, shop, "correct_carrier", **said)

    assert found == {"A1 (1)": "done", "A2 (2)": "done", "– (3)": "failed"}
    assert again == {"A1 (1)": "skipped", "A2 (2)": "skipped", "– (3)": "failed"}
    assert carrier("A1") == carrier("A2") == ("gls", True)


def test_ticked_shipments_alone_are_corrected(shop, editor):
    fulfil(shop, place(shop), "A1", carrier_reference="dhl")
    fulfil(shop, place(shop), "A2", carrier_reference="dhl")
    ticked = Shipment.objects.get(tracking_number="A1")

    outcomes(editor, shop, "correct_carrier", shipment=[ticked.id], carrier_reference="gls")

    assert (carrier("A1")[0], carrier("A2")[0]) == ("gls", "dhl")


@pytest.mark.parametrize("everything", [True, False])
def test_orders_are_fulfilled_by_pasted_lines(shop, editor, everything):
    named, silent = place(shop, order_number="A1"), place(shop, order_number="A3")
    lines = "order_number,tracking_number,carrier\n\nA1, 1Z999AA10123456784, UPS\nA1,X2\n"
    chosen = {"everything": "on", "query": "state=placed"}
    chosen = chosen if everything else {"order": [named.id, silent.id]}

    first = outcomes(editor, shop, "fulfil_orders", **chosen, parcels=lines)
    again = outcomes(editor, shop, "fulfil_orders", order=[named.id], parcels=lines)

    parcels = Shipment.objects.of(shop).filter(order=named).order_by("tracking_number")
    assert first == {"A1": "done", "A3": "skipped"}
    assert again == {"A1": "skipped"}
    assert [one.tracking_number for one in parcels] == ["1Z999AA10123456784", "X2"]
    assert carrier("1Z999AA10123456784")[0] == "ups"
    assert Order.objects.get(id=silent.id).state == "placed"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("A1,X1\nB7,X2", "Not among the chosen orders: B7."),
        (" \n", "This field is required."),
        ("A1", "Line 1: Write an order number, a tracking number and, if you like, a carrier."),
        ("A1\tX1\tpigeon", "Line 1: There is no carrier “pigeon”: write its name, such as DHL"),
        ("\nA1;" + "9" * 300, "Line 2:"),
        ("A1,X\n" * 1_001, "At most 1000 lines at a time."),
    ],
)
def test_lines_that_make_no_sense_are_refused_before_anything_is_done(shop, editor, lines, says):
    order = place(shop, order_number="A1")

    page = ask(editor, shop, "fulfil_orders", order=[order.id], confirmed="on", parcels=lines)

    assert says in text_of(page)
    assert not Job.objects.exists()


def test_a_cancelled_order_is_not_fulfilled(shop, editor):
    order = cancel_order(place(shop, order_number="A1"))

    said = outcomes(editor, shop, "fulfil_orders", order=[order.id], parcels="A1,X1")

    assert said == {"A1": "failed"}


@pytest.mark.parametrize(
    ("said", "found"), [({}, ["A2"]), ({"everything": "on", "query": "q=A1"}, ["A1"])]
)
def test_the_ticked_orders_are_exported_and_no_others(shop, editor, said, found):
    place(shop, order_number="A1")
    order = place(shop, order_number="A2")
    foreign = place(make_shop(), order_number="A9")

    answer = editor.post(
        f"/shops/{shop.slug}/orders/ticked.csv", {"order": [order.id, foreign.id], **said}
    )

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert {row["order_number"] for row in csv.DictReader(io.StringIO(text))} == set(found)


def test_an_export_of_nothing_ticked_says_so(shop, editor):
    answer = editor.post(f"/shops/{shop.slug}/orders/ticked.csv", follow=True)

    assert "Tick some rows first" in text_of(answer)


@pytest.mark.parametrize("reference", ["nobody", "<b>"])
def test_a_carrier_that_does_not_exist_is_refused(shop, editor, reference):
    fulfil(shop, place(shop), "A1", carrier_reference="dhl")

    said = {"everything": "on", "confirmed": "on", "carrier_reference": reference}
    response = ask(editor, shop, "correct_carrier", **said)

    assert response.status_code == 200
    assert not Job.objects.exists()


def test_deliveries_that_failed_are_sent_again(shop):
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    other, _ = create_webhook(shop, url="https://203.0.114.2/hook")
    failed = [send_test(webhook, "orders/placed") for _ in range(3)]
    elsewhere = send_test(other, "orders/placed")
    ids = [one.id for one in (*failed, elsewhere)]
    Delivery.objects.filter(id__in=ids).update(state=DeliveryState.FAILED)
    send_test(webhook, "orders/placed")
    said = {"everything": "on", "query": f"webhook={webhook.id}&state=failed"}
    admin = member_client(shop, Role.ADMIN)

    assert "Send 3 deliveries again?" in text_of(ask(admin, shop, "resend_deliveries", **said))
    outcomes(admin, shop, "resend_deliveries", **said)

    still_failed = Delivery.objects.of(shop).filter(state=DeliveryState.FAILED)
    assert [one.id for one in still_failed] == [elsewhere.id]


def test_deliveries_of_an_inactive_webhook_are_refused_one_by_one(shop):
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    delivery = send_test(webhook, "orders/placed")
    Delivery.objects.filter(id=delivery.id).update(state=DeliveryState.FAILED)
    type(webhook).objects.filter(id=webhook.id).update(status="inactive")
    admin = member_client(shop, Role.ADMIN)

    found = outcomes(
        admin, shop, "resend_deliveries", everything="on", query=f"webhook={webhook.id}"
    )

    assert list(found.values()) == ["failed"]


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [
        ("cancel_orders", Role.VIEWER, 403),
        ("add_segment", Role.VIEWER, 403),
        ("correct_carrier", Role.VIEWER, 403),
        ("resend_deliveries", Role.EDITOR, 403),
        ("resend_deliveries", Role.ADMIN, 200),
        ("import_orders", Role.ADMIN, 404),
        ("nothing", Role.ADMIN, 404),
    ],
)
def test_each_is_for_its_role(shop, kind, role, status):
    client = member_client(shop, role)

    assert ask(client, shop, kind, everything="on", query="").status_code == status


def test_nothing_of_another_shop_is_touched(shop, editor):
    other = make_shop()
    fulfil(other, place(other, segments=["a"]), "A1", carrier_reference="dhl")
    order, shipment = Order.objects.of(other).get(), Shipment.objects.of(other).get()

    assert outcomes(editor, shop, "add_segment", order=[order.id], segment="b") == {}
    said = {"shipment": [shipment.id], "carrier_reference": "gls"}
    assert outcomes(editor, shop, "correct_carrier", **said) == {}
    assert (segments(order), carrier("A1")[0]) == (["a"], "dhl")
