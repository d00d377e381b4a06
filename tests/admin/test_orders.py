"""Editing orders in the back office: nothing breaks, nothing is lost, all of it leaves a trace."""

import json
import threading
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.db import connection, transaction

from campaigns.models import Attribution
from campaigns.segments import segments_at_fulfilment
from events.models import Event
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from orders.api.read_models import Order as OrderModel
from orders.lookup import lock_order
from orders.models import Order, OrderLine
from shipments.models import Shipment
from tests.admin.pages import (
    act,
    change_url,
    edit,
    errors_of,
    filled,
    list_url,
    log_in,
    messages_of,
)
from tests.api import ShopClient
from tests.documented_order import documented_order
from tests.factories import fulfil, make_campaign, make_shop, place

pytestmark = pytest.mark.django_db


def stored(order: Order) -> Order:
    return Order.objects.get(id=order.id)


def line_of(order: Order) -> OrderLine:
    return OrderLine.objects.get(order=order)


def events_of(order: Order) -> list[Event]:
    return list(Event.objects.filter(order_id=order.id).order_by("id"))


def test_saving_an_untouched_form_changes_nothing(staff):
    order = place(make_shop())

    response = edit(staff, order)

    assert response.status_code == 302
    assert stored(order).updated_at == order.updated_at
    assert stored(order).order_placed_at == order.order_placed_at
    assert len(events_of(order)) == 1
    assert not LogEntry.objects.get_for_object(order).exists()


def test_an_edit_is_saved_told_and_empties_the_digest(staff, superuser):
    order = place(make_shop())

    response = edit(staff, order, email_id="new@example.com", total_order_price="31.50")

    assert response.status_code == 302
    kept = stored(order)
    assert (kept.email_id, kept.total_order_price) == ("new@example.com", Decimal("31.5"))
    assert kept.last_upsert_digest == ""
    assert kept.updated_at > order.updated_at
    event = events_of(order)[-1]
    assert event.ref == "orders/updated"
    assert event.actor == superuser.email
    assert set(event.event_data["changed"]) == {"email_id", "total_order_price"}


def test_the_audit_keeps_who_changed_what_from_which_value_to_which(staff, superuser):
    order = place(make_shop())

    edit(staff, order, email_id="new@example.com")

    entry = LogEntry.objects.get_for_object(order).get()
    assert entry.actor == superuser
    assert entry.changes == {"email_id": ["jane@example.com", "new@example.com"]}
    assert entry.cid == events_of(order)[-1].request_id
    history = staff.get(change_url(order).replace("change", "history")).content.decode()
    assert "jane@example.com" in history
    assert "new@example.com" in history
    assert superuser.email in history


def test_a_forged_forwarding_header_does_not_break_the_audit(staff):
    order = place(make_shop())
    values = filled(staff, change_url(order), "order_form")

    response = staff.post(
        change_url(order),
        {**values, "email_id": "new@example.com"},
        headers={
            "X-Forwarded-For": "no address",
            "X-Forwarded-Port": "9" * 20,
            "X-Correlation-ID": "x" * 999,
        },
    )

    assert response.status_code == 302
    assert LogEntry.objects.get_for_object(order).get().remote_addr == "127.0.0.1"


def test_the_address_is_edited_field_by_field_and_blanks_are_left_out(staff):
    order = place(make_shop())

    edit(staff, order, address_zip_code="20095", address_city="Hamburg", address_company="")

    address = stored(order).address
    assert (address["zip_code"], address["city"]) == ("20095", "Hamburg")
    assert "company" not in address
    assert address["name"] == "Jane Doe"
    assert stored(order).zip_code == "20095"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address_zip_code", ""),
        ("address_zip_code", "1" * 33),
        ("address_city", "x" * 256),
        ("order_number", ""),
        ("external_id", ""),
        ("currency", "XYZ"),
        ("currency", ""),
        ("total_order_price", "1e400"),
        ("total_order_price", "NaN"),
        ("total_order_price", "99999999999999"),
        ("order_placed_at_0", "0001-01-01"),
        ("order_placed_at_0", "9999-12-31"),
        ("expected_number_of_shipments", "0"),
        ("expected_number_of_shipments", "101"),
        ("discounts", "{}"),
        ("discounts", '[{"amount": 3}]'),
        ("discounts", "["),
        ("discounts", "[" * 5000),
        ("segments", '[""]'),
        ("segments", '{"a": 1}'),
        ("order_analytics", "[]"),
        ("order_analytics", '{"a": "\\u0000"}'),
        ("order_analytics", '{"a": "\\ud800"}'),
        ("order_analytics", '{"a": NaN}'),
        ("preferred_delivery_date", '{"start": "soon"}'),
        ("user_agent", "7.5e"),
        ("user_agent", '{"a": 1}'),
        ("email_id", "x" * 321),
        ("order_name", "a\x00b"),
        ("seen", ""),
    ],
)
def test_what_the_api_would_refuse_is_an_error_in_the_form(staff, field, value):
    order = place(make_shop())

    response = edit(staff, order, **{field: value})

    assert response.status_code == 200
    assert errors_of(response)
    assert stored(order).updated_at == order.updated_at
    assert len(events_of(order)) == 1


def test_an_edit_of_the_analytics_attributes_again(staff):
    shop = make_shop()
    campaign = make_campaign(shop, name="Spring", code="spring")
    order = place(shop, discounts=[])

    edit(staff, order, order_analytics='{"utm_campaign": "spring"}')

    assert Attribution.objects.get(order=order).campaign_id == campaign.id
    assert "Spring: utm_campaign=spring" in staff.get(change_url(order)).content.decode()
    edit(staff, order, order_analytics="{}")
    assert not Attribution.objects.exists()


def test_an_edit_of_the_segments_leaves_those_at_the_fulfilment(staff):
    shop = make_shop()
    order = fulfil(shop, place(shop, segments=["vip"]), "T1")

    edit(staff, order, segments='["new"]')

    assert stored(order).segments == ["new"]
    assert segments_at_fulfilment(shop, stored(order)) == ["vip"]


def test_json_fields_can_be_emptied(staff):
    order = place(make_shop())

    response = edit(
        staff,
        order,
        discounts="",
        segments="",
        preferred_delivery_date="",
        user_agent="",
        order_analytics="",
        total_order_price="",
    )

    assert response.status_code == 302, errors_of(response)
    kept = stored(order)
    assert (kept.discounts, kept.segments, kept.order_analytics) == ([], [], {})
    assert (kept.preferred_delivery_date, kept.user_agent) == (None, None)
    assert kept.total_order_price is None


def test_forged_facts_are_not_taken(staff):
    order, other = place(make_shop()), place(make_shop())

    edit(
        staff,
        order,
        email_id="new@example.com",
        state="cancelled",
        shop=str(other.shop_id),
        shop_id=str(other.shop_id),
        id=str(other.id),
        cancelled_at_0="2026-01-01",
        cancelled_at_1="10:00",
        last_upsert_digest="forged",
        created_at="2020-01-01",
        address='{"zip_code": "1"}',
    )

    kept = stored(order)
    assert kept.email_id == "new@example.com"
    assert (kept.state, kept.shop_id, kept.cancelled_at) == ("placed", order.shop_id, None)
    assert kept.last_upsert_digest == ""
    assert kept.created_at == order.created_at
    assert kept.address == order.address


@pytest.mark.parametrize("field", ["order_number", "external_id"])
def test_a_number_that_is_taken_is_an_error_in_the_form(staff, field):
    shop = make_shop()
    order, other = place(shop), place(shop)

    response = edit(staff, order, **{field: getattr(other, field)})

    assert response.status_code == 200
    assert "Another order of this shop has this already" in errors_of(response)
    assert getattr(stored(order), field) == getattr(order, field)


def test_another_shop_may_have_the_same_number(staff):
    order, other = place(make_shop()), place(make_shop())

    response = edit(staff, order, order_number=other.order_number)

    assert response.status_code == 302
    assert stored(order).order_number == other.order_number


def test_a_page_opened_before_an_upsert_overwrites_nothing(staff):
    shop = make_shop()
    order = place(shop)
    values = filled(staff, change_url(order), "order_form")
    said = documented_order(
        order_number=order.order_number, external_id=order.external_id, email_id="api@example.com"
    )
    sent = {"id": order.order_number, "order": said, "trackings": []}
    upsert_order(shop, UpsertInput.model_validate(sent))

    response = staff.post(change_url(order), {**values, "order_name": "edited"})

    assert response.status_code == 200
    assert "changed after you opened the page" in errors_of(response)
    assert stored(order).email_id == "api@example.com"
    assert stored(order).order_name == order.order_name


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_the_upsert_that_holds_the_order(superuser):
    shop = make_shop()
    order = place(shop)
    browser = log_in(superuser)
    values = filled(browser, change_url(order), "order_form")
    answers = []

    def save() -> None:
        answers.append(browser.post(change_url(order), {**values, "order_name": "edited"}))
        connection.close()

    with transaction.atomic():
        locked = lock_order(shop, order.id)
        thread = threading.Thread(target=save)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        said = documented_order(
            order_number=order.order_number, external_id=order.external_id, email_id="api@x.example"
        )
        upsert_order(
            locked.shop,
            UpsertInput.model_validate({"id": order.order_number, "order": said, "trackings": []}),
        )
    thread.join(10)

    assert answers[0].status_code == 200
    assert stored(order).email_id == "api@x.example"
    assert stored(order).order_name == order.order_name


@pytest.mark.django_db(transaction=True)
def test_a_number_taken_between_check_and_save_is_an_error_in_the_form(superuser):
    shop = make_shop()
    order = place(shop)
    browser = log_in(superuser)
    values = filled(browser, change_url(order), "order_form")
    answers = []

    def save() -> None:
        answers.append(browser.post(change_url(order), {**values, "order_number": "wanted"}))
        connection.close()

    with transaction.atomic():
        place(shop, order_number="wanted")
        thread = threading.Thread(target=save)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)

    assert answers[0].status_code == 200
    assert "Another order of this shop has this already" in errors_of(answers[0])
    assert stored(order).order_number == order.order_number


def test_expecting_more_parcels_makes_drafts_and_moves_the_state(staff):
    shop = make_shop()
    order = fulfil(shop, place(shop), "123456")

    response = edit(staff, order, expected_number_of_shipments="3")

    assert response.status_code == 302
    assert stored(order).state == "partially_fulfilled"
    assert Shipment.objects.filter(order=order).drafts().count() == 2
    entries = LogEntry.objects.get_for_object(order).filter(changes__has_key="state")
    assert entries.get().changes["state"] == ["fulfilled", "partially_fulfilled"]
    drafts = Shipment.objects.filter(order=order).drafts()
    assert LogEntry.objects.get_for_objects(drafts).count() == 2


def test_a_line_is_edited_added_and_removed_with_both_values_kept(staff):
    order = place(make_shop(), products=[{"title": "A"}, {"title": "B"}, {"title": "C"}])
    first, second, _ = OrderLine.objects.filter(order=order)
    values = filled(staff, change_url(order), "order_form")
    added = {
        name.replace("__prefix__", "3"): value
        for name, value in values.items()
        if name.startswith("lines-__prefix__")
    }

    response = staff.post(
        change_url(order),
        {
            **values,
            **added,
            "lines-TOTAL_FORMS": "4",
            "lines-0-quantity": "5",
            "lines-1-DELETE": "on",
            "lines-3-title": "D",
        },
    )

    assert response.status_code == 302, errors_of(response)
    lines = OrderLine.objects.filter(order=order)
    assert [(line.title, line.position, line.quantity) for line in lines] == [
        ("A", 0, 5),
        ("C", 1, 1),
        ("D", 2, 1),
    ]
    assert {line.shop_id for line in lines} == {order.shop_id}
    assert events_of(order)[-1].event_data["changed"] == ["products"]
    assert stored(order).last_upsert_digest == ""
    assert LogEntry.objects.get_for_object(first).get().changes == {"quantity": ["1", "5"]}
    removed = LogEntry.objects.get_for_object(second).get()
    assert removed.action == LogEntry.Action.DELETE
    assert removed.changes["title"] == ["B", "None"]
    history = staff.get(change_url(order).replace("change", "history")).content.decode()
    assert "Order lines removed" in history
    assert "Delete: order line 1 × B" in history


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "-1"),
        ("quantity", "1000001"),
        ("price", "1e13"),
        ("images", '"x"'),
        ("images", '[{"src": 1, "alt": {}}]'),
        ("tax_lines", '[{"price": "much"}]'),
        ("bundled_products", '[{"quantity": -1}]'),
        ("bundled_products", "null and void"),
        ("type", "gift"),
        ("position", "-1"),
        ("position", "40000"),
        ("title", "x" * 2001),
    ],
)
def test_a_broken_line_cannot_be_saved(staff, field, value):
    order = place(make_shop())
    line = line_of(order)

    response = edit(staff, order, **{f"lines-0-{field}": value, "email_id": "new@example.com"})

    assert response.status_code == 200
    assert errors_of(response)
    assert stored(order).email_id == order.email_id
    assert line_of(order).__dict__.keys() == line.__dict__.keys()
    assert getattr(line_of(order), field) == getattr(line, field)


def test_a_line_of_another_shops_order_cannot_be_reached(staff):
    order, other = place(make_shop()), place(make_shop())
    foreign = line_of(other)

    for forged in (str(foreign.id), "not-an-id", ""):
        edit(staff, order, **{"lines-0-id": forged, "lines-0-title": "stolen"})

    assert line_of(other).title == foreign.title
    assert OrderLine.objects.filter(order=other).count() == 1
    assert not OrderLine.objects.filter(order=order).exclude(shop=order.shop).exists()


def test_a_line_cannot_be_moved_to_another_order(staff):
    order, other = place(make_shop()), place(make_shop())

    response = edit(
        staff,
        order,
        **{
            "lines-0-order": str(other.id),
            "lines-0-shop": str(other.shop_id),
            "lines-0-title": "B",
        },
    )

    assert response.status_code == 200
    assert OrderLine.objects.get(order=order).shop_id == order.shop_id
    assert OrderLine.objects.filter(order=other).count() == 1


def test_shipments_cannot_be_forged_into_the_orders_page(staff):
    order, other = place(make_shop()), place(make_shop())
    draft = Shipment.objects.get(order=order)

    edit(
        staff,
        order,
        **{
            "shipments-TOTAL_FORMS": "2",
            "shipments-0-id": str(Shipment.objects.get(order=other).id),
            "shipments-0-tracking_number": "forged",
            "shipments-0-phase": "delivered",
            "shipments-0-DELETE": "on",
            "shipments-1-tracking_number": "added",
            "shipments-1-order": str(order.id),
        },
    )

    assert list(Shipment.objects.filter(order=order)) == [draft]
    assert not Shipment.objects.exclude(tracking_number=None).exists()
    assert Shipment.objects.count() == 2


def test_cancelling_asks_first(staff):
    order = place(make_shop())

    page = staff.post(list_url(Order), {"action": "cancel", "_selected_action": [str(order.id)]})

    assert page.status_code == 200
    assert "Cancel this order?" in page.content.decode()
    assert stored(order).state == "placed"


def test_orders_are_cancelled_one_by_one_and_refusals_are_named(staff, superuser):
    shop = make_shop()
    open_order, sent_order = place(shop), fulfil(shop, place(shop), "123456")

    response = act(staff, [open_order, sent_order], "cancel")

    said = messages_of(response)
    assert any(f"Cancelled {open_order}" in text for text in said)
    assert any(text.startswith(f"{sent_order}:") and "detach" in text for text in said)
    assert stored(open_order).state == "cancelled"
    assert stored(sent_order).state == "fulfilled"
    entry = LogEntry.objects.get_for_object(open_order).get()
    assert entry.actor == superuser
    assert entry.changes["state"] == ["placed", "cancelled"]
    assert events_of(open_order)[-1].ref == "orders/cancelled"
    assert events_of(open_order)[-1].actor == superuser.email


def test_a_cancelled_order_is_only_shown(staff):
    order = place(make_shop())
    values = filled(staff, change_url(order), "order_form")
    act(staff, [order], "cancel")

    refused = staff.post(change_url(order), {**values, "email_id": "new@example.com"})

    assert staff.get(change_url(order)).status_code == 200
    assert refused.status_code == 403
    assert stored(order).email_id == order.email_id
    attach = f"/admin/orders/order/{order.id}/attach-tracking/"
    assert staff.post(attach, {"tracking_number": "1"}).status_code == 403


def test_a_tracking_is_attached_by_hand(staff, superuser):
    order = place(make_shop())
    draft = Shipment.objects.get(order=order)
    url = f"/admin/orders/order/{order.id}/attach-tracking/"
    assert staff.get(url).status_code == 200

    response = staff.post(url, {"tracking_number": " 1Z999 ", "carrier_reference": "ups"})

    assert response.status_code == 302
    shipment = Shipment.objects.get(order=order)
    assert (shipment.id, shipment.tracking_number) == (draft.id, "1Z999")
    assert stored(order).state == "fulfilled"
    refs = [event.ref for event in events_of(order)]
    assert "shipments/order_processed/ORDER_IN_PROCESSING" in refs
    entry = LogEntry.objects.get_for_object(shipment).get()
    assert entry.changes["tracking_number"] == ["None", "1Z999"]
    assert entry.actor == superuser


def test_a_carrier_chosen_with_the_tracking_sticks(staff):
    shop = make_shop()
    order = place(shop)

    staff.post(
        f"/admin/orders/order/{order.id}/attach-tracking/",
        {"tracking_number": "1Z999", "carrier_reference": "ups"},
    )
    fulfil(shop, order, "1Z999", carrier_reference="dhl")

    shipment = Shipment.objects.get(order=order)
    assert (shipment.carrier_reference, shipment.is_carrier_corrected) == ("ups", True)
    entry = LogEntry.objects.get_for_object(shipment).get()
    assert entry.changes["is_carrier_corrected"] == ["False", "True"]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("preferred_delivery_date", {"start": "2030-01-02T10:00:00Z"}),
        ("discounts", [{"code": "ULTRA"}]),
    ],
)
def test_what_staff_say_is_stored_in_the_shape_that_the_api_stores(staff, field, said):
    shop = make_shop()
    order = place(shop)
    client = ShopClient(shop)

    edit(staff, order, **{field: json.dumps(said)})
    content = documented_order(
        order_number=order.order_number, external_id=order.external_id, **{field: said}
    )
    answer = client.put({"id": order.order_number, "order": content, "trackings": []})

    assert answer["Karla-Outcome"] == "unchanged"
    OrderModel.model_validate(client.order(order.order_number))


@pytest.mark.parametrize(
    "sent",
    [
        {"tracking_number": ""},
        {"tracking_number": "taken"},
        {"tracking_number": "new", "carrier_reference": "pigeon"},
        {"tracking_number": "new", "tracking_placed_at_0": "9999-01-01"},
        {
            "tracking_number": "new",
            "tracking_placed_at_0": "9999-01-01",
            "tracking_placed_at_1": "10:00",
        },
        {"tracking_number": "x" * 256},
    ],
)
def test_a_tracking_that_cannot_be_is_an_error_in_the_form(staff, sent):
    shop = make_shop()
    order = fulfil(shop, place(shop), "taken")

    response = staff.post(f"/admin/orders/order/{order.id}/attach-tracking/", sent)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert Shipment.objects.filter(order=order).count() == 1


def test_orders_are_neither_added_nor_deleted(staff):
    order = place(make_shop())

    assert staff.get("/admin/orders/order/add/").status_code == 403
    assert (
        staff.post(change_url(order).replace("change", "delete"), {"post": "yes"}).status_code
        == 403
    )
    act(staff, [order], "delete_selected", post="yes")
    assert staff.post(change_url(order), {"_saveasnew": "1"}).status_code == 403
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    ["jane", "JANE doe", "10119", "IXF1234", "T-1", "external-77"],
)
def test_orders_are_found_by_every_reference(staff, words):
    shop = make_shop()
    order = fulfil(shop, place(shop, order_number="77"), "T-1")
    place(
        make_shop(),
        order_name="other",
        email_id="bob@example.com",
        address={"zip_code": "20095", "name": "Bob"},
    )

    page = staff.get(list_url(Order), {"q": words})

    assert [found.id for found in page.context["cl"].result_list] == [order.id]


@pytest.mark.parametrize("words", ["%", "'", "\\", "x" * 5000, "no such"])
def test_odd_searches_find_nothing_and_break_nothing(staff, words):
    place(make_shop())

    assert staff.get(list_url(Order), {"q": words}).status_code in (200, 302)
