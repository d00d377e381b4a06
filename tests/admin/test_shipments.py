"""Editing shipments in the back office, by the services and no other way."""

import pytest
from auditlog.models import LogEntry

from events.models import Event
from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine
from shipments.phases import Phase
from tests.admin.pages import act, change_url, edit, errors_of, filled, list_url, messages_of
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


def make_parcel(number: str = "123456", **tracking) -> Shipment:
    shop = make_shop()
    order = fulfil(shop, place(shop), number, **tracking)
    return Shipment.objects.get(order=order, tracking_number=number)


def stored(shipment: Shipment) -> Shipment:
    return Shipment.objects.get(id=shipment.id)


def events_of(shipment: Shipment) -> list[Event]:
    return list(Event.objects.filter(order_id=shipment.order_id).order_by("id"))


def test_saving_an_untouched_form_changes_nothing(staff):
    parcel = make_parcel(tracking_placed_at="2026-07-23T11:47:37.470473Z")
    told = len(events_of(parcel))

    response = edit(staff, parcel)

    assert response.status_code == 302
    assert stored(parcel).updated_at == parcel.updated_at
    assert stored(parcel).tracking_placed_at == parcel.tracking_placed_at
    assert len(events_of(parcel)) == told
    assert not LogEntry.objects.get_for_object(parcel).exists()


def test_a_corrected_carrier_stays_corrected(staff, superuser):
    parcel = make_parcel(carrier_reference="ups")

    response = edit(staff, parcel, carrier_reference="dhl")
    fulfil(parcel.shop, parcel.order, "123456", carrier_reference="ups")

    assert response.status_code == 302
    assert (stored(parcel).carrier_reference, stored(parcel).is_carrier_corrected) == ("dhl", True)
    entry = LogEntry.objects.get_for_object(parcel).get()
    assert entry.changes["carrier_reference"] == ["ups", "dhl"]
    assert entry.changes["is_carrier_corrected"] == ["False", "True"]
    assert entry.actor == superuser
    assert any(event.actor == superuser.email for event in events_of(parcel))


def test_what_was_said_of_a_tracking_is_edited(staff):
    parcel = make_parcel(tracking_url="https://old.example/1", tracking_company="Old")

    response = edit(staff, parcel, tracking_url="", tracking_company="New")

    assert response.status_code == 302
    assert (stored(parcel).tracking_url, stored(parcel).tracking_company) == ("", "New")
    assert Order.objects.get(id=parcel.order_id).last_upsert_digest == ""
    assert LogEntry.objects.get_for_object(parcel).get().changes == {
        "tracking_url": ["https://old.example/1", ""],
        "tracking_company": ["Old", "New"],
        "carrier_reason": [
            "The number has no form that we know; “Old” names no carrier that we know",
            "The number has no form that we know; “New” names no carrier that we know",
        ],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("carrier_reference", "pigeon"),
        ("tracking_placed_at_0", ""),
        ("tracking_placed_at_0", "9999-01-01"),
        ("tracking_url", "x" * 2001),
        ("seen", "forged"),
    ],
)
def test_what_cannot_be_is_an_error_in_the_form(staff, field, value):
    parcel = make_parcel()

    response = edit(staff, parcel, tracking_company="New", **{field: value})

    assert response.status_code == 200
    assert errors_of(response)
    assert stored(parcel).tracking_company == parcel.tracking_company


def test_forged_facts_are_not_taken(staff):
    parcel, other = make_parcel(), make_parcel("654321")

    edit(
        staff,
        parcel,
        tracking_company="New",
        tracking_number="forged",
        phase="delivered",
        shop=str(other.shop_id),
        order=str(other.order_id),
        has_own_lines="on",
        is_carrier_corrected="on",
        flag="error",
        delivered_at_0="2026-01-01",
        delivered_at_1="10:00",
    )

    kept = stored(parcel)
    assert kept.tracking_company == "New"
    for name in ("tracking_number", "phase", "shop_id", "order_id", "has_own_lines", "flag"):
        assert getattr(kept, name) == getattr(parcel, name)
    assert (kept.is_carrier_corrected, kept.delivered_at) == (False, None)


def test_a_page_opened_before_the_shop_wrote_overwrites_nothing(staff):
    parcel = make_parcel(tracking_company="Old")
    values = filled(staff, change_url(parcel), "shipment_form")
    fulfil(parcel.shop, parcel.order, "123456", tracking_company="Api")

    response = staff.post(change_url(parcel), {**values, "tracking_url": "https://x.example"})

    assert "changed after you opened the page" in errors_of(response)
    assert (stored(parcel).tracking_company, stored(parcel).tracking_url) == ("Api", "")


def test_a_wrong_tracking_is_detached(staff, superuser):
    parcel = make_parcel()

    response = act(staff, [parcel], "detach")

    assert response.status_code == 200
    assert stored(parcel).is_draft
    assert Order.objects.get(id=parcel.order_id).state == "placed"
    assert any("TRACKING_DETACHED" in event.ref for event in events_of(parcel))
    entry = LogEntry.objects.get_for_object(parcel).get()
    assert entry.changes["tracking_number"] == ["123456", "None"]
    assert entry.actor == superuser
    state = LogEntry.objects.get_for_object(parcel.order).filter(changes__has_key="state").get()
    assert state.changes["state"] == ["fulfilled", "placed"]


def test_detaching_asks_first(staff):
    parcel = make_parcel()

    page = staff.post(list_url(parcel), {"action": "detach", "_selected_action": [str(parcel.id)]})

    assert "Detach this tracking?" in page.content.decode()
    assert not stored(parcel).is_draft


def test_detaching_what_cannot_be_detached_is_said_and_the_rest_is_done(staff):
    parcel = make_parcel()
    draft = Shipment.objects.get(order=place(make_shop()))

    response = act(staff, [draft, parcel], "detach")

    assert any("it has no tracking" in text for text in messages_of(response))
    assert stored(parcel).is_draft


def test_a_parcel_that_goes_away_leaves_its_trace_in_the_orders_history(staff):
    parcel = make_parcel()
    fulfil(parcel.shop, parcel.order, "second")
    second = Shipment.objects.get(tracking_number="second")

    act(staff, [second], "detach")

    assert not Shipment.objects.filter(id=second.id).exists()
    entry = LogEntry.objects.get_for_object(second).get()
    assert entry.action == LogEntry.Action.DELETE
    assert entry.changes["tracking_number"] == ["second", "None"]
    history = staff.get(change_url(parcel.order).replace("change", "history")).content.decode()
    assert "Delete: shipment second" in history


def test_a_parcel_gets_its_own_lines_and_they_are_edited(staff, superuser):
    parcel = make_parcel()
    assert not parcel.has_own_lines

    act(staff, [parcel], "give_own_lines")

    assert stored(parcel).has_own_lines
    line = ShipmentLine.objects.get(shipment=parcel)
    assert line.title == OrderLine.objects.get(order=parcel.order).title
    assert LogEntry.objects.get_for_object(parcel).get().changes == {
        "has_own_lines": ["False", "True"]
    }
    order = Order.objects.get(id=parcel.order_id)

    response = edit(staff, parcel, **{"lines-0-quantity": "2"})

    assert response.status_code == 302, errors_of(response)
    assert ShipmentLine.objects.get(shipment=parcel).quantity == 2
    assert stored(parcel).has_own_lines
    assert Order.objects.get(id=order.id).updated_at > order.updated_at
    assert events_of(parcel)[-1].event_data["changed"] == ["shipments"]
    edited = LogEntry.objects.get_for_object(line).filter(action=LogEntry.Action.UPDATE).get()
    assert edited.changes == {"quantity": ["1", "2"]}
    assert edited.actor == superuser
    history = staff.get(change_url(parcel).replace("change", "history")).content.decode()
    assert "Update: shipment line 2 × Product A" in history


@pytest.mark.parametrize(
    ("action", "question"),
    [
        ("give_own_lines", "Give this parcel its own lines?"),
        ("follow_lines", "Let this parcel hold its order’s lines again?"),
    ],
)
def test_whose_lines_a_parcel_holds_is_asked_first(staff, action, question):
    parcel = make_parcel()

    page = staff.post(list_url(parcel), {"action": action, "_selected_action": [str(parcel.id)]})

    assert question in page.content.decode()
    assert not stored(parcel).has_own_lines


def test_a_parcel_holds_its_orders_lines_again(staff, superuser):
    parcel = make_parcel()
    other = make_parcel("654321")
    act(staff, [parcel, other], "give_own_lines")
    assert "Let it hold its order’s lines again" in staff.get(change_url(parcel)).content.decode()

    response = act(staff, [parcel], "follow_lines")

    assert response.redirect_chain[-1][0] == change_url(parcel)
    assert not stored(parcel).has_own_lines
    assert not ShipmentLine.objects.filter(shipment=parcel).exists()
    assert ShipmentLine.objects.filter(shipment=other).count() == 1
    assert events_of(parcel)[-1].event_data["changed"] == ["shipments"]
    entry = LogEntry.objects.get_for_object(parcel).latest()
    assert entry.changes == {"has_own_lines": ["True", "False"]}
    assert entry.actor == superuser
    again = act(staff, [parcel], "follow_lines")
    assert "has no lines of its own" in " ".join(messages_of(again))


def test_the_history_speaks_in_words(staff):
    parcel = make_parcel(carrier_reference="ups")
    edit(staff, parcel, carrier_reference="dpd")
    act(staff, [parcel], "detach")

    history = staff.get(change_url(parcel).replace("change", "history")).content.decode()
    entry = LogEntry.objects.get_for_object(parcel).latest()
    page = staff.get(change_url(entry)).content.decode()

    assert "<td>UPS</td><td>DPD</td>" in history
    for shown in (history, page):
        assert "order_created" not in shown
        assert str(Phase.ORDER_PROCESSED.label) in shown


def test_own_lines_are_given_once(staff):
    parcel = make_parcel()
    act(staff, [parcel], "give_own_lines")

    response = act(staff, [parcel], "give_own_lines")

    assert "has its own lines already" in " ".join(messages_of(response))
    assert ShipmentLine.objects.count() == 1


def test_a_parcel_of_a_cancelled_order_is_left_as_it_is(staff):
    order = place(make_shop())
    draft = Shipment.objects.get(order=order)
    act(staff, [order], "cancel")

    response = act(staff, [draft], "give_own_lines")

    assert "is cancelled" in " ".join(messages_of(response))
    assert not stored(draft).has_own_lines


def test_a_draft_has_only_lines_to_edit(staff):
    draft = Shipment.objects.get(order=place(make_shop()))
    act(staff, [draft], "give_own_lines")

    edit(
        staff,
        draft,
        carrier_reference="dhl",
        tracking_url="https://x.example",
        tracking_number="forged",
        **{"lines-0-quantity": "4"},
    )

    kept = stored(draft)
    assert (kept.tracking_number, kept.carrier_reference, kept.tracking_url) == (None, "", "")
    assert ShipmentLine.objects.get(shipment=draft).quantity == 4


def test_lines_of_a_parcel_that_follows_its_order_cannot_be_forged(staff):
    parcel = make_parcel()

    edit(
        staff,
        parcel,
        **{
            "lines-TOTAL_FORMS": "1",
            "lines-INITIAL_FORMS": "0",
            "lines-0-title": "forged",
            "lines-0-quantity": "1",
            "lines-0-type": "product",
        },
    )

    assert not ShipmentLine.objects.exists()
    assert not stored(parcel).has_own_lines


def test_a_line_of_another_shops_parcel_cannot_be_reached(staff):
    parcel, other = make_parcel(), make_parcel("654321")
    act(staff, [parcel, other], "give_own_lines")
    foreign = ShipmentLine.objects.get(shipment=other)

    edit(staff, parcel, **{"lines-0-id": str(foreign.id), "lines-0-title": "stolen"})
    edit(
        staff,
        parcel,
        **{"lines-0-shipment": str(other.id), "lines-0-shop": str(other.shop_id)},
    )

    assert ShipmentLine.objects.get(shipment=other).title == foreign.title
    assert ShipmentLine.objects.get(shipment=parcel).shop_id == parcel.shop_id


def test_a_draft_is_only_shown(staff):
    draft = Shipment.objects.get(order=place(make_shop()))

    assert staff.get(change_url(draft)).status_code == 200
    assert staff.post(change_url(draft), {"carrier_reference": "dhl"}).status_code == 403


def test_shipments_are_neither_added_nor_deleted(staff):
    parcel = make_parcel()

    assert staff.get("/admin/shipments/shipment/add/").status_code == 403
    deleted = staff.post(change_url(parcel).replace("change", "delete"), {"post": "yes"})
    assert deleted.status_code == 403
    act(staff, [parcel], "delete_selected", post="yes")
    assert stored(parcel)


def test_shipments_are_found_by_whole_numbers(staff):
    parcel = make_parcel()
    make_parcel("654321")

    for words in ("123456", str(parcel.id), str(parcel.order_id), parcel.order.order_number):
        page = staff.get(list_url(parcel), {"q": words})
        assert [found.id for found in page.context["cl"].result_list] == [parcel.id]


def test_a_test_parcel_and_its_order_are_shown_as_such(staff):
    parcel = make_parcel()

    def is_marked(row) -> bool:
        page = staff.get(change_url(row)).content.decode()
        _, field = page.rsplit("field-is_test", 1)
        return "icon-yes" in field.split('<div class="help')[0]

    assert not is_marked(parcel)
    assert not is_marked(parcel.order)
    Shipment.objects.filter(id=parcel.id).update(is_test=True)
    Order.objects.filter(id=parcel.order_id).update(is_test=True)
    assert is_marked(parcel)
    assert is_marked(parcel.order)
