import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from events.models import Event
from orders.models import Order
from orders.states import OrderState
from shipments.models import Shipment
from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import inputs_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR, email="editor@example.com"))
    return client


def page(shop, order, rest=""):
    return f"/shops/{shop.slug}/orders/{order.id}{rest}"


def fresh(order):
    return Order.objects.get(id=order.id)


def test_a_tracking_by_hand_fulfils_the_expected_parcel(shop, editor):
    order = place(shop)

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": "1Z999AA10123456784"})

    assert answer.headers["Location"] == page(shop, order)
    assert fresh(order).state == OrderState.FULFILLED
    assert order.shipments.get().carrier_reference == "ups"
    assert (
        Event.objects.of(shop).filter(ref="orders/fulfilled", actor="editor@example.com").exists()
    )
    assert LogEntry.objects.filter(actor__email="editor@example.com").exists()


def test_a_link_that_no_page_would_show_is_refused(shop, editor):
    order = place(shop)

    answer = editor.post(
        page(shop, order, "/tracking"),
        {"tracking_number": "1Z999AA10123456784", "tracking_url": "javascript:alert(1)"},
    )

    assert answer.status_code == 422
    assert "Write a web address, such as" in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "says"),
    [("", "required"), ("\x00", "Null characters"), ("t 1", "has this tracking already")],
)
def test_a_tracking_that_makes_no_sense_is_refused(shop, editor, number, says):
    order = fulfil(shop, place(shop), "T1")

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": number})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Shipment.objects.of(shop).count() == 1


def test_a_tracking_is_taken_off(shop, editor):
    order = fulfil(shop, place(shop), "T1")
    shipment = order.shipments.get()

    editor.post(page(shop, order, f"/parcels/{shipment.id}/take-off"))

    assert order.shipments.get().is_draft


def test_more_parcels_are_expected(shop, editor):
    order = place(shop)

    editor.post(page(shop, order, "/expected"), {"expected": "3"})

    assert order.shipments.count() == 3


@pytest.mark.parametrize("expected", ["0", "101", "x", ""])
def test_an_absurd_number_of_parcels_changes_nothing(shop, editor, expected):
    order = place(shop)

    answer = editor.post(page(shop, order, "/expected"), {"expected": expected}, follow=True)

    assert "1 to 100" in answer.content.decode()
    assert order.shipments.count() == 1


def test_an_order_is_cancelled(shop, editor):
    order = place(shop)

    editor.post(page(shop, order, "/cancel"))

    assert fresh(order).state == OrderState.CANCELLED
    assert "order-actions" not in editor.get(page(shop, order)).content.decode()


def test_what_was_sent_is_not_cancelled(shop, editor):
    order = fulfil(shop, place(shop), "T1")

    answer = editor.post(page(shop, order, "/cancel"), follow=True)

    assert "detach its trackings" in answer.content.decode()
    assert fresh(order).state == OrderState.FULFILLED


def test_a_cancelled_order_takes_no_tracking(shop, editor):
    order = place(shop)
    editor.post(page(shop, order, "/cancel"))

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": "T1"})

    assert answer.status_code == 422
    assert "is cancelled" in answer.content.decode()


def test_viewers_are_offered_nothing(shop, client):
    client.force_login(make_member(shop, Role.VIEWER))

    assert "order-actions" not in client.get(page(shop, place(shop))).content.decode()


NEW = {
    "order_number": "H1",
    "order_placed_at": "2026-03-01T10:00",
    "currency": "EUR",
    "total_order_price": "29.99",
    "address_zip_code": "10115",
    "address_name": "Ada",
    "address_country_code": "DE",
    "segments": "vip\nb2b",
    "lines-TOTAL_FORMS": "3",
    "lines-INITIAL_FORMS": "0",
    "lines-0-title": "Cup",
    "lines-0-sku": "C1",
    "lines-0-quantity": "2",
    "lines-0-price": "14.99",
    "lines-1-title": "",
}


def form_of(client, address):
    """What the page's form would send, unchanged."""
    page = client.get(address)
    with timezone.override(ZoneInfo("Europe/Berlin")):  # where the shop is
        placed = page.context["form"]["order_placed_at"].value().strftime("%Y-%m-%dT%H:%M")
    fields = [*page.context["form"], *page.context["formset"].management_form]
    said = {field.html_name: field.value() for field in fields} | {"order_placed_at": placed}
    written = {name: "" if value in (None, "") else str(value) for name, value in said.items()}
    return written | lines_in(page)


def lines_in(page):
    """What stands in the fields of the products, ticks aside."""
    return {name: said for name, said in inputs_of(page).items() if name.startswith("lines-")}


def test_an_order_is_made_by_hand(shop, editor):
    blank = editor.get(f"/shops/{shop.slug}/orders/new")
    answer = editor.post(f"/shops/{shop.slug}/orders/new", NEW)

    order = Order.objects.of(shop).get()
    assert answer.headers["Location"] == page(shop, order)
    assert (order.order_number, order.zip_code, order.segments) == ("H1", "10115", ["vip", "b2b"])
    assert re.findall(r'name="(\w+)"[^>]* required', blank.content.decode()) == [
        *("order_number", "order_placed_at", "address_zip_code")
    ]
    assert text_of(blank).count("(optional)") == len(blank.context["form"].fields) - 5  # and `seen`
    assert order.order_placed_at.isoformat() == "2026-03-01T09:00:00+00:00"
    [line] = order.lines.all()
    assert (line.title, line.sku, line.quantity, str(line.price)) == ("Cup", "C1", 2, "14.9900")
    assert order.shipments.get().is_draft
    edit = LogEntry.objects.get_for_object(order).get()
    assert (edit.actor.email, edit.get_action_display()) == ("editor@example.com", "create")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"order_number": ""}, "required"),
        ({"address_zip_code": ""}, "required"),
        ({"total_order_price": "1e400"}, "is not a number"),
        ({"total_order_price": "1,250"}, "without thousands"),
        ({"total_order_price": "9" * 30}, "no more than"),
        ({"order_placed_at": "yesterday"}, "such as 2026-12-31 14:30"),
        ({"order_placed_at": "2199-01-01T10:00"}, "This is still to come"),
        ({"email_id": "ada"}, "such as name@example.com"),
        ({"lines-0-quantity": "two"}, "such as 2."),
        ({"lines-0-sku": "x" * 300}, 'id="id_lines-0-sku_error"'),
        ({"lines-0-quantity": "-1"}, 'aria-describedby="id_lines-0-quantity_error"'),
        ({"lines-0-quantity": "-1"}, "greater than or equal to 0"),
        ({"order_number": "", "lines-0-DELETE": "on"}, 'name="lines-0-DELETE" checked'),
        ({"address_city": "x" * 300}, "at most 255"),
        ({"lines-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    shop, editor, changes, says
):
    answer = editor.post(f"/shops/{shop.slug}/orders/new", {**NEW, **changes})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Ada" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_clock_that_is_a_little_fast_places_orders(shop, editor):
    soon = timezone.localtime(timezone.now() + timedelta(minutes=2), ZoneInfo("Europe/Berlin"))

    editor.post(
        f"/shops/{shop.slug}/orders/new", {**NEW, "order_placed_at": f"{soon:%Y-%m-%dT%H:%M}"}
    )

    assert Order.objects.of(shop).exists()


def test_an_order_that_was_sent_with_a_time_to_come_may_keep_it(shop, editor):
    order = place(shop, order_placed_at="2199-01-01T10:00:00Z")
    said = form_of(editor, page(shop, order, "/edit"))

    kept = editor.post(page(shop, order, "/edit"), {**said, "address_city": "Hamburg"})
    later = editor.post(page(shop, order, "/edit"), {**said, "order_placed_at": "2199-01-02T10:00"})

    assert (kept.status_code, fresh(order).address["city"]) == (302, "Hamburg")
    assert 'id="id_order_placed_at_error"' in later.content.decode()


def test_a_product_more_is_asked_for_without_saving_and_nothing_typed_is_lost(shop, editor):
    blank = editor.get(f"/shops/{shop.slug}/orders/new")
    said = {**NEW, "order_number": "", "lines-TOTAL_FORMS": "1", "another_line": "on"}

    grown = editor.post(f"/shops/{shop.slug}/orders/new", said)

    assert [name for name in lines_in(blank) if name.endswith("-title")] == ["lines-0-title"]
    typed = inputs_of(grown)
    assert (typed["lines-0-title"], typed["lines-1-title"]) == ("Cup", "")
    assert (typed["lines-TOTAL_FORMS"], typed["address_name"]) == ("2", "Ada")
    assert typed["order_placed_at"] == NEW["order_placed_at"]
    assert grown.status_code == 200
    assert "field-error" not in grown.content.decode()
    assert not Order.objects.exists()


def test_an_order_gets_a_further_product(shop, editor):
    order = place(shop, products=[{"title": "Cup"}])
    said = form_of(editor, page(shop, order, "/edit"))

    grown = inputs_of(editor.post(page(shop, order, "/edit"), {**said, "another_line": "on"}))
    editor.post(page(shop, order, "/edit"), {**said, **grown, "lines-1-title": "Saucer"})

    titles = order.lines.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Cup", "Saucer"]


def test_a_number_that_is_taken_is_refused(shop, editor):
    place(shop, order_number="H1")

    answer = editor.post(f"/shops/{shop.slug}/orders/new", NEW)

    assert answer.status_code == 422
    assert Order.objects.of(shop).count() == 1


def test_saving_without_a_change_changes_nothing(shop, editor):
    order = place(shop)
    before = Event.objects.count()

    editor.post(page(shop, order, "/edit"), form_of(editor, page(shop, order, "/edit")))

    assert fresh(order).updated_at == order.updated_at
    assert Event.objects.count() == before


def test_amounts_stand_in_the_form_as_people_write_them(shop, editor):
    prices = ["12.5", "40", "0.125"]
    order = place(shop, products=[{"title": "A", "price": price} for price in prices])

    said = form_of(editor, page(shop, order, "/edit"))

    assert [said[f"lines-{at}-price"] for at in range(3)] == ["12.50", "40", "0.1250"]


def test_an_edit_changes_what_was_edited_and_nothing_else(shop, editor):
    order = place(shop)
    [first, *others] = order.lines.order_by("position").values()
    said = form_of(editor, page(shop, order, "/edit"))

    answer = editor.post(
        page(shop, order, "/edit"),
        {**said, "address_city": "Hamburg", "lines-0-title": "Another", "email_id": ""},
    )

    edited = fresh(order)
    assert answer.headers["Location"] == page(shop, order)
    assert edited.address == {**order.address, "city": "Hamburg"}
    assert edited.email_id == ""
    assert edited.discounts == order.discounts
    [line, *rest] = edited.lines.order_by("position").values()
    assert line["title"] == "Another"
    assert line["images"] == first["images"]
    assert [row["title"] for row in rest] == [row["title"] for row in others]


def test_what_the_form_does_not_show_of_a_line_and_a_segment_stays(shop, editor):
    order = place(shop, products=[{"product_id": "P1", "quantity": 2}], segments=["VIP, gold"])
    said = form_of(editor, page(shop, order, "/edit"))

    editor.post(page(shop, order, "/edit"), {**said, "email_id": "new@example.com"})

    assert fresh(order).segments == ["VIP, gold"]
    assert order.lines.get().product_id == "P1"


def test_a_line_with_amounts_must_say_of_what(shop, editor):
    nameless = {**NEW, "lines-0-title": "", "lines-0-sku": ""}

    answer = editor.post(f"/shops/{shop.slug}/orders/new", nameless)

    assert "Say which product" in answer.content.decode()
    assert not Order.objects.exists()


def test_another_country_takes_its_old_name_along(shop, editor):
    address = {"zip_code": "1", "country_code": "DE", "country": "Germany", "province_code": "BE"}
    order = place(shop, address=address)
    said = form_of(editor, page(shop, order, "/edit"))

    editor.post(
        page(shop, order, "/edit"),
        {**said, "address_country_code": "AT", "address_province": "Tirol"},
    )

    assert fresh(order).address == {"zip_code": "1", "country_code": "AT", "province": "Tirol"}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("typed", ["1059,90", "1059.90", "1.059,90", "1,059.90", "€ 1 059,90"])
def test_amounts_are_read_however_people_write_them(shop, editor, typed, language):
    said = {**NEW, "total_order_price": typed}

    editor.post(f"/shops/{shop.slug}/orders/new", said, headers={"Accept-Language": language})

    assert str(Order.objects.of(shop).get().total_order_price) == "1059.9000"


def test_amounts_are_written_as_the_language_writes_them(shop, editor):
    order = place(shop, total_order_price="1059.9")

    answer = editor.get(page(shop, order, "/edit"), headers={"Accept-Language": "de"})

    assert 'value="1059,90"' in answer.content.decode()


def test_a_line_is_taken_away(shop, editor):
    order = place(shop)
    count = order.lines.count()
    said = form_of(editor, page(shop, order, "/edit"))

    editor.post(page(shop, order, "/edit"), {**said, "lines-0-DELETE": "on"})

    assert order.lines.count() == count - 1


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(shop, editor):
    order = place(shop)
    said = form_of(editor, page(shop, order, "/edit"))
    fulfil(shop, order, "T1")

    answer = editor.post(page(shop, order, "/edit"), {**said, "address_city": "Hamburg"})

    assert "changed after you opened" in answer.content.decode()
    assert fresh(order).address == order.address


def test_a_cancelled_order_is_not_edited(shop, editor):
    order = place(shop)
    editor.post(page(shop, order, "/cancel"))
    said = form_of(editor, page(shop, order, "/edit"))

    answer = editor.post(page(shop, order, "/edit"), {**said, "address_city": "Hamburg"})

    assert "is cancelled" in re.sub(r"\s+", " ", answer.content.decode())


def test_currencies_that_are_paid_with_are_offered_and_the_orders_own(shop, editor):
    order = place(shop, currency="DEM")

    new = editor.get(f"/shops/{shop.slug}/orders/new").content.decode()
    edited = editor.get(page(shop, order, "/edit")).content.decode()

    assert 'value="SEK"' in new
    assert 'value="DEM"' not in new
    assert 'value="DEM" selected' in edited
