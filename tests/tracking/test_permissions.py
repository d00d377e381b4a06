"""Who gets what from every page for customers: a URL without a row here fails."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from claims.drafts import begin_draft
from claims.models import Flow
from common.ids import new_id
from engagement.design import Design, Link, save_design
from engagement.preview import Preview, keep_preview
from orders.tracking_link import tracking_token
from shipments.models import Shipment
from tests.factories import make_campaign, make_claim, make_shop
from tests.tracking.pages import delivered, scan, ship
from tests.tracking.test_order_page import tomorrow, window
from tracking.urls import urlpatterns

pytestmark = pytest.mark.django_db

Arguments = Callable[[Shipment], dict[str, object]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a page answers, by what its URL names."""

    own: int
    """Everything as it belongs together."""
    other: int = 404
    """The link of one order with the parcel of another one."""
    nobodys: int = 404
    """A link, a shop or a key that does not exist."""
    method: str = "get"
    arguments: Arguments = lambda shipment: {}
    is_delivered: bool = False


def _parcel(shipment: Shipment) -> dict[str, object]:
    return {"shipment_id": shipment.id}


def _shop(shipment: Shipment) -> dict[str, object]:
    return {"slug": shipment.shop.slug}


def _design(shipment: Shipment) -> dict[str, object]:
    return {"slug": shipment.shop.slug, "digest": "0"}


def _preview(shipment: Shipment) -> dict[str, object]:
    return {"key": keep_preview(Preview(shop_id=shipment.shop_id, design=Design()))}


def _campaign(shipment: Shipment) -> dict[str, object]:
    """One of the shop's, whichever order's page it is clicked on."""
    product = {"title": "Scarf", "url": "https://shop.example/scarf"}
    campaign = make_campaign(
        shipment.shop,
        is_enabled=False,
        promotion_type="product",
        promotion_properties={"cta_url": "https://shop.example", "products": [product]},
    )
    return {"campaign_id": campaign.id}


def _campaign_product(shipment: Shipment) -> dict[str, object]:
    return {**_campaign(shipment), "place": 1}


def _claim(shipment: Shipment) -> dict[str, object]:
    return {"claim_id": make_claim(shipment.order).id}


def _draft(shipment: Shipment) -> dict[str, object]:
    return {"draft_id": begin_draft(shipment.shop, shipment.order, Flow.SUPPORT).id}


def _step(shipment: Shipment) -> dict[str, object]:
    return {**_draft(shipment), "step": "photos"}


def _photo(shipment: Shipment) -> dict[str, object]:
    return {**_draft(shipment), "photo_id": new_id()}


MATRIX = {
    "find": Row(own=200, other=200, arguments=_shop),
    "design_style": Row(own=200, other=200, arguments=_design),
    "design_logo": Row(own=404, arguments=_design),
    "preview": Row(own=200, other=200, arguments=_preview),
    "preview_style": Row(own=200, other=200, arguments=_preview),
    "preview_logo": Row(own=404, arguments=_preview),
    "order": Row(own=200, other=200),
    "to_shop": Row(own=302, other=302),
    "campaign": Row(own=303, other=303, arguments=_campaign),
    "campaign_product": Row(own=303, other=303, arguments=_campaign_product),
    "to_foot_link": Row(own=302, other=302, arguments=lambda shipment: {"place": 1}),
    "to_carrier": Row(own=302, arguments=_parcel),
    "arrival": Row(own=200, arguments=_parcel),
    "rate": Row(own=422, arguments=_parcel, method="post", is_delivered=True),
    "claims": Row(own=200, other=200),
    "begin_claim": Row(own=409, other=409, method="post"),
    "claim": Row(own=200, arguments=_claim),
    "claim_step": Row(own=200, arguments=_step),
    "remove_claim_photo": Row(own=303, arguments=_photo, method="post"),
    "claim_photo": Row(own=404, arguments=lambda shipment: {"photo_token": "nobodys"}),
}


def test_every_page_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_each_page_answers_as_the_matrix_says(name):
    row, shop = MATRIX[name], make_shop()
    link = Link(url="https://shop.example/r", labels={"en": "Returns"})
    save_design(shop, Design(home_url="https://shop.example", links=(link,)))
    own, other = (_made(shop, number, row) for number in ("11111111", "22222222"))
    token = (
        {}
        if {"slug", "key", "photo_token"} & set(row.arguments(own))
        else {"token": tracking_token(shop.id, own.order_id)}
    )
    nobodys = dict.fromkeys(("token", "slug", "key"), "nobodys")

    asked = [{**row.arguments(shipment), **token} for shipment in (own, other)]
    asked.append({key: nobodys.get(key, value) for key, value in asked[0].items()})
    answers = [_ask(row, name, arguments) for arguments in asked]

    assert answers == [row.own, row.other, row.nobodys]


def _made(shop, number: str, row: Row) -> Shipment:
    if row.is_delivered:
        return delivered(shop, number)
    shipment = ship(shop, number)
    Shipment.objects.of(shop).filter(id=shipment.id).update(carrier_reference="dhl")
    return scan(shipment, "IN_TRANSIT", estimated_arrival=window(tomorrow(10), tomorrow(14)))


def _ask(row: Row, name: str, arguments: dict[str, object]) -> int:
    return getattr(Client(), row.method)(reverse(f"tracking:{name}", kwargs=arguments)).status_code
