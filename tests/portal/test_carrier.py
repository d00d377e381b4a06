"""Why a parcel has its carrier, and correcting it on the order's page."""

import re

import pytest
from auditlog.models import LogEntry
from django.test import Client

from events.models import Event
from orders.models import Order
from orders.services import cancel_order
from portal.orders import MOST_WITH_CHOICES
from shipments.models import Shipment
from shops.models import Role, Shop
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import member_client, orders_url, text_of

pytestmark = pytest.mark.django_db

UPS = "1Z5R89390357567127"
ANYBODYS = "09133131530724"


def order_url(shop: Shop, order: Order) -> str:
    return f"{orders_url(shop)}/{order.id}"


def correction_url(shop: Shop, order: Order) -> str:
    return f"{order_url(shop, order)}/parcels/{order.shipments.get().id}/carrier"


def correct(shop: Shop, order: Order, reference: str, role: Role = Role.EDITOR):
    client = member_client(shop, role)
    said = {"carrier_reference": reference}
    return client.post(correction_url(shop, order), said, follow=True)


def test_the_page_says_why_a_parcel_has_its_carrier():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    page = text_of(member_client(shop).get(order_url(shop, order)))

    assert "Matched to UPS, 99 %: UPS 1Z number with a correct check digit." in page
    assert "needs a look" not in page


def test_it_says_so_in_the_language_of_the_reader():
    shop = make_shop()
    matched = fulfil(shop, place(shop), UPS, tracking_company="UPS; Standard")
    unknown = fulfil(shop, place(shop), ANYBODYS)
    of_before = fulfil(shop, place(shop), UPS)
    of_before.shipments.update(carrier_reason="As the old rules said")

    client, german = member_client(shop), {"Accept-Language": "de"}
    pages = [
        text_of(client.get(order_url(shop, order), headers=german))
        for order in (matched, unknown, of_before)
    ]

    assert "UPS-1Z-Nummer, die Prüfziffer stimmt; „UPS; Standard“ sagt dasselbe." in pages[0]
    assert "Nicht sicher genug: es kann Hermes oder DPD sein." in pages[1]
    assert "As the old rules said." in pages[2]


def test_the_page_says_that_the_shop_named_the_carrier():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS, carrier_reference="gls")

    assert "The shop named the carrier." in text_of(member_client(shop).get(order_url(shop, order)))


def test_of_many_parcels_each_ones_own_page_offers_all_carriers():
    shop = make_shop()
    order = place(shop)
    for number in range(MOST_WITH_CHOICES + 1):
        fulfil(shop, order, f"1Z5R8939035756{number:04}")
    editor = member_client(shop, Role.EDITOR)
    shipment = order.shipments.first()

    page = editor.get(order_url(shop, order)).content.decode()

    assert "<select" not in page
    own = f"/shops/{shop.slug}/shipments/{shipment.id}"
    assert f'href="{own}#carrier"' in page
    assert "<select" in editor.get(own).content.decode()


def test_a_carrier_that_nobody_knows_needs_a_look_and_has_candidates_on_offer():
    shop = make_shop()
    order = fulfil(shop, place(shop), ANYBODYS)

    response = member_client(shop, Role.EDITOR).get(order_url(shop, order))
    page = text_of(response)

    assert "Carrier needs a look Not certain enough: it may be Hermes or DPD." in page
    assert re.search(r"It is Hermes \d\d %", page)
    assert "dot-attention" in response.content.decode()


def test_who_may_only_look_is_offered_no_correction():
    shop = make_shop()
    order = fulfil(shop, place(shop), ANYBODYS)

    page = text_of(member_client(shop).get(order_url(shop, order)))

    assert "Carrier needs a look" in page
    assert "Choose the carrier" not in page
    assert "It is Hermes" not in page


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_a_correction_is_kept_told_and_shown(role):
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    response = correct(shop, order, "gls", role)

    page = text_of(response)
    assert response.redirect_chain == [(order_url(shop, order), 302)]
    assert "The carrier is GLS now." in page
    assert "Corrected by hand." in page
    assert "Carrier corrected" in page
    shipment = Shipment.objects.get()
    assert (shipment.carrier_reference, shipment.is_carrier_corrected) == ("gls", True)
    assert Event.objects.filter(event_group="shipment_carrier_changed").count() == 1
    entry = LogEntry.objects.get_for_object(shipment).get()
    assert entry.changes["carrier_reference"] == ["ups", "gls"]
    assert entry.actor is not None


def test_it_may_be_said_that_nobody_knows():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    page = text_of(correct(shop, order, ""))

    assert "The carrier is not known now." in page
    assert Shipment.objects.get().carrier_reference == ""
    assert "needs a look" not in page


def test_a_carrier_that_does_not_exist_is_refused():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    page = text_of(correct(shop, order, "owl_post"))

    assert "Choose a carrier from the list; nothing was changed." in page
    assert Shipment.objects.get().carrier_reference == "ups"


def test_an_expected_parcel_has_no_carrier_to_correct():
    shop = make_shop()
    order = place(shop)

    page = text_of(correct(shop, order, "ups"))

    assert "This parcel has no tracking number" in page
    assert Shipment.objects.get().carrier_reference == ""


def test_a_cancelled_order_is_left_as_it_is():
    shop = make_shop()
    order = place(shop)
    cancel_order(order)

    assert "Nothing was changed" in text_of(correct(shop, order, "ups"))
    assert Shipment.objects.get().carrier_reference == ""


def test_a_parcel_of_another_order_is_not_found():
    shop = make_shop()
    order, other = fulfil(shop, place(shop), UPS), place(shop)
    url = correction_url(shop, order).replace(str(order.id), str(other.id))

    response = member_client(shop, Role.EDITOR).post(url, {"carrier_reference": "gls"})

    assert response.status_code == 404
    assert order.shipments.get().carrier_reference == "ups"


def test_a_correction_is_no_page_to_read():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)

    assert member_client(shop, Role.EDITOR).get(correction_url(shop, order)).status_code == 405


def test_a_shipment_of_another_shop_is_not_found():
    shop, other = make_shop(), make_shop()
    order = fulfil(other, place(other), UPS)
    client = member_client(shop, Role.EDITOR)

    own_slug = client.post(correction_url(other, order).replace(other.slug, shop.slug, 1))

    assert own_slug.status_code == 404
    assert Shipment.objects.get().carrier_reference == "ups"


def test_a_form_from_elsewhere_is_refused():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(shop, Role.EDITOR))

    response = client.post(correction_url(shop, order), {"carrier_reference": "gls"})

    assert response.status_code == 403
    assert Shipment.objects.get().carrier_reference == "ups"


def test_the_form_on_the_page_carries_its_token():
    shop = make_shop()
    order = fulfil(shop, place(shop), UPS)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(shop, Role.EDITOR))
    html = client.get(order_url(shop, order)).content.decode()
    action = correction_url(shop, order)
    form = html[html.index(f'action="{action}"') :]
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[:1]

    response = client.post(action, {"carrier_reference": "gls", "csrfmiddlewaretoken": token})

    assert response.status_code == 302
    assert Shipment.objects.get().carrier_reference == "gls"
