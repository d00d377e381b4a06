"""Who may do what in the back office; and the lists cost the same with 2 rows as with 30."""

from base64 import b64encode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from auditlog.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from orders.inputs import MAX_PRODUCTS
from orders.models import Order, OrderLine
from portal.models import SavedFilter
from shipments.arrival.learn import learn_transit_times
from shipments.models import Feed, Scan, Shipment, ShipmentLine, TransitHistory
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import ApiKey, Organization, Shop, User
from tests.admin.pages import act, change_url, filled, list_url, log_in
from tests.factories import PASSWORD, fulfil, make_key, make_member, make_shop, place

pytestmark = pytest.mark.django_db

MODELS = [
    *(Organization, Shop, User, ApiKey, Order, Shipment, Scan, Event, LogEntry, Group),
    *(TransitHistory, SavedFilter),
]


def scanned(shop: Shop, number: str) -> None:
    """A shipment that its carrier has reported of."""
    order = fulfil(shop, place(shop), number)
    said = ScanInput(event_name="OUT_FOR_DELIVERY", event_time=timezone.now(), external_id="1")
    record_scan(order.shipments.get(tracking_number=number), said, feed=Feed.API)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_page_opens(staff, model):
    shop = make_shop()
    make_member(shop)
    make_key(shop)
    scanned(shop, "123456")
    act(staff, list(Shipment.objects.all()), "give_own_lines")
    Group.objects.create(name="Support")
    learn_transit_times(shop)
    SavedFilter.objects.create(shop=shop, name="All late", query="flag=delay")

    assert staff.get(list_url(model)).status_code == 200
    assert staff.get(list_url(model), {"q": "a"}).status_code == 200
    row = model.objects.first()
    assert staff.get(change_url(row)).status_code == 200
    assert staff.get(change_url(row).replace("change", "history")).status_code == 200


@pytest.mark.parametrize("model", [Order, Shipment, Scan, Event, Shop, User, ApiKey, LogEntry])
def test_a_list_costs_the_same_with_2_rows_as_with_30(staff, model):
    shop = make_shop()

    def grow(count: int) -> None:
        for number in range(count):
            scanned(shop, f"T{number}")
            other = make_shop()
            make_member(other, password=None)
            make_key(other)
        act(staff, list(Shipment.objects.filter(has_own_lines=False)), "give_own_lines")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(list_url(model))
        assert len(page.context["cl"].result_list) >= 2
        return len(queries)

    grow(2)
    staff.get(list_url(model))
    few = cost()
    grow(28)

    assert cost() == few
    assert few <= 12


def test_an_order_page_costs_the_same_with_2_lines_as_with_30(staff):
    def cost(count: int) -> int:
        order = place(
            make_shop(),
            products=[{"title": str(number)} for number in range(count)],
            expected_number_of_shipments=count,
        )
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(change_url(order)).status_code == 200
        return len(queries)

    cost(1)
    assert cost(2) == cost(30)


def test_an_order_with_very_many_lines_can_be_saved(staff, settings):
    order = place(make_shop(), products=[{"title": str(number)} for number in range(100)])
    values = filled(staff, change_url(order), "order_form")

    response = staff.post(change_url(order), {**values, "lines-99-title": "last"})

    assert response.status_code == 302
    assert len(values) / 100 * MAX_PRODUCTS < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert OrderLine.objects.filter(order=order, title="last").count() == 1


def test_who_may_only_view_orders_changes_nothing(staff_who_may, staff):
    shop = make_shop()
    order = fulfil(shop, place(shop), "123456")
    open_order = place(shop)
    parcel = Shipment.objects.get(tracking_number="123456")
    browser = staff_who_may("orders.view_order", "shipments.view_shipment", "orders.view_orderline")
    values = filled(staff, change_url(open_order), "order_form")
    events, entries = Event.objects.count(), LogEntry.objects.count()

    page = browser.get(change_url(open_order)).content.decode()
    saved = browser.post(change_url(open_order), {**values, "email_id": "new@example.com"})
    attached = browser.post(
        f"/admin/orders/order/{open_order.id}/attach-tracking/", {"tracking_number": "1"}
    )
    act(browser, [open_order], "cancel")
    act(browser, [parcel], "detach")
    act(browser, [parcel], "give_own_lines")

    assert "Teststr. 1" in page
    assert "Cancel the order" not in page
    assert "Attach a tracking" not in page
    assert (saved.status_code, attached.status_code) == (403, 403)
    assert Order.objects.get(id=open_order.id).state == "placed"
    assert Order.objects.get(id=order.id).state == "fulfilled"
    assert not ShipmentLine.objects.exists()
    assert (Event.objects.count(), LogEntry.objects.count()) == (events, entries)


def test_who_may_change_orders_but_not_lines_cannot_forge_lines(staff_who_may):
    order = place(make_shop())
    browser = staff_who_may("orders.change_order", "orders.view_orderline")
    values = filled(browser, change_url(order), "order_form")

    browser.post(
        change_url(order),
        {**values, "email_id": "new@example.com", "lines-0-title": "x", "lines-0-DELETE": "on"},
    )

    assert Order.objects.get(id=order.id).email_id == "new@example.com"
    assert OrderLine.objects.get(order=order).title == "Product A"


def test_who_may_change_orders_but_not_shipments_attaches_nothing(staff_who_may):
    order = place(make_shop())
    browser = staff_who_may("orders.change_order")

    refused = browser.post(
        f"/admin/orders/order/{order.id}/attach-tracking/", {"tracking_number": "1"}
    )

    assert refused.status_code == 403
    assert Shipment.objects.get(order=order).is_draft


def test_keys_are_issued_only_by_those_who_may_add_them(staff_who_may):
    shop = make_shop()
    browser = staff_who_may("shops.view_apikey", "shops.change_apikey")

    refused = browser.post(
        "/admin/shops/apikey/add/", {"organization": shop.organization_id, "username": "erp"}
    )

    assert refused.status_code == 403
    assert not ApiKey.objects.exists()


def test_groups_are_a_way_in_and_left_to_superusers(staff_who_may, staff):
    group = Group.objects.create(name="Support")
    browser = staff_who_may(
        "auth.view_group", "auth.add_group", "auth.change_group", "auth.delete_group"
    )
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    sent = {"name": "Taken over", "permissions": every}

    assert browser.get(change_url(group)).status_code == 200
    for address in ("add", f"{group.pk}/change", f"{group.pk}/delete"):
        assert browser.post(f"/admin/auth/group/{address}/", sent).status_code == 403
    act(browser, [group], "delete_selected", post="yes")

    assert not Group.objects.get().permissions.exists()
    assert staff.post(change_url(group), sent).status_code == 302
    assert Group.objects.get().permissions.count() == len(every)


def test_who_may_only_view_keys_revokes_none(staff_who_may):
    key, _ = make_key(make_shop())

    act(staff_who_may("shops.view_apikey"), [key], "revoke")

    assert ApiKey.objects.get(id=key.id).revoked_at is None


def test_merchants_do_not_enter_the_back_office():
    person = make_member(make_shop())
    browser = log_in(person)

    assert browser.get("/admin/").status_code == 302
    assert browser.get(list_url(Order)).status_code == 302


@pytest.mark.parametrize("model", [Event, LogEntry])
def test_the_logs_are_only_to_look_at(staff, model):
    shop = make_shop()
    act(staff, [place(shop)], "cancel")
    row = model.objects.first()
    count = model.objects.count()

    assert staff.get(list_url(model) + "add/").status_code == 403
    assert staff.post(change_url(row), {"ref": "forged"}).status_code == 403
    deleted = staff.post(change_url(row).replace("change", "delete"), {"post": "yes"})
    act(staff, [row], "delete_selected", post="yes")

    assert deleted.status_code == 403
    assert model.objects.count() == count


def test_events_are_found_by_the_orders_id(staff):
    order, other = place(make_shop()), place(make_shop())

    page = staff.get(list_url(Event), {"q": str(order.id)})

    assert {event.order_id for event in page.context["cl"].result_list} == {order.id}
    assert other.id != order.id


def test_what_programs_send_is_no_edit_by_a_person():
    shop = make_shop()
    key, secret = make_key(shop)
    order = place(shop)
    before = LogEntry.objects.count()

    response = Client().put(
        f"/v1/shops/{shop.slug}/orders",
        {"id": order.order_number, "trackings": [{"tracking_number": "1"}]},
        content_type="application/json",
        headers={"Authorization": _basic(key.username, secret), "X-Forwarded-For": "junk"},
    )

    assert response.status_code == 200
    assert LogEntry.objects.count() == before


def test_the_back_office_has_no_door_of_its_own(superuser):
    browser = Client()

    asked = browser.get("/admin/orders/order/", follow=True)
    posted = browser.post("/admin/login/", {"username": superuser.email, "password": PASSWORD})

    assert asked.redirect_chain[-1][0] == "/login?next=/admin/orders/order/"
    assert posted.headers["Location"].startswith("/login?next=")
    assert browser.get("/admin/").status_code == 302


def test_who_is_no_staff_is_told_so():
    browser = Client()
    browser.force_login(make_member(make_shop()))

    assert browser.get("/admin/", follow=True).status_code == 403


def test_staff_set_a_second_factor_up_before_the_back_office_opens(superuser, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    browser = Client()
    browser.force_login(superuser)

    led = browser.get("/admin/orders/order/")
    TOTP.activate(superuser, generate_totp_secret())

    assert led.headers["Location"] == "/account/second-factor/"
    assert browser.get("/admin/orders/order/").status_code == 200


def _basic(username: str, secret: str) -> str:
    return "Basic " + b64encode(f"{username}:{secret}".encode()).decode()
