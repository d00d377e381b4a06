"""Rows for tests, made the way the product makes them."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from campaigns.discounts import create_discount
from campaigns.models import Campaign, Discount
from campaigns.services import create_campaign
from claims.filing import Filing, file_claim
from claims.models import Claim, Reason
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from orders.models import Order
from shops.keys import issue_api_key
from shops.models import ApiKey, Membership, Organization, Role, Shop, User
from tests.documented_order import documented_order

PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


def make_organization(**fields: Any) -> Organization:
    return Organization.objects.create(**{"name": f"Organization {next(_numbers)}", **fields})


def make_shop(**fields: Any) -> Shop:
    number = next(_numbers)
    if "organization" not in fields:
        fields["organization"] = make_organization()
    return Shop.objects.create(**{"slug": f"shop-{number}", "name": f"Shop {number}", **fields})


def make_member(shop: Shop, role: Role = Role.ADMIN, **fields: Any) -> User:
    """A person of the shop, whose password is PASSWORD."""
    fields = {"email": f"person-{next(_numbers)}@example.com", "password": PASSWORD, **fields}
    user = User.objects.create_user(**fields)
    Membership.objects.create(shop=shop, user=user, role=role)
    return user


def make_key(shop: Shop, role: Role = Role.EDITOR, **fields: Any) -> tuple[ApiKey, str]:
    """A key for this one shop, and its secret; the username is the shop's slug."""
    fields = {"username": shop.slug, "grants": {shop: role}, **fields}
    return issue_api_key(organization=shop.organization, **fields)


def place(shop: Shop, **changes: Any) -> Order:
    """The documented order with `changes`, under a number of its own unless one is given."""
    number = changes.pop("order_number", None) or str(next(_numbers))
    changes = {"external_id": f"external-{number}", **changes}
    said = documented_order(order_number=number, **changes)
    upsert_order(shop, UpsertInput.model_validate({"id": number, "order": said, "trackings": []}))
    return Order.objects.of(shop).get(order_number=number)


def fulfil(shop: Shop, order: Order, tracking_number: str, **tracking: Any) -> Order:
    """Attach a tracking to the order, as a shop would."""
    sent = {"tracking_number": tracking_number, **tracking}
    upsert = {"id": order.order_number, "trackings": [sent]}
    upsert_order(shop, UpsertInput.model_validate(upsert))
    return Order.objects.of(shop).get(id=order.id)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def make_campaign(shop: Shop, **changes: Any) -> Campaign:
    """One that is shown to everybody and started long ago, unless `changes` say otherwise."""
    promotion = {
        "title": "Spring is here",
        "subtitle": "New colours for you.",
        "cta_label": "Look",
        "cta_url": "https://shop.example/spring",
    }
    fields = {
        "name": f"Campaign {next(_numbers)}",
        "is_enabled": True,
        "starts_at": LONG_AGO,
        "promotion_properties": promotion,
        **changes,
    }
    return create_campaign(shop, fields)  # type: ignore[arg-type]


def make_discount(shop: Shop, **changes: Any) -> Discount:
    """Ten per cent, under a code of its own."""
    fields = {"code": f"TEN-{next(_numbers)}", "value": Decimal(10), **changes}
    return create_discount(shop, fields)  # type: ignore[arg-type]


def make_claim(order: Order, **said: Any) -> Claim:
    """A claim about the order's first parcel, as a shop would file it."""
    shipment = order.shipments.order_by("position")[0]
    filing = Filing(**{"reason": Reason.DAMAGE, **said})
    return file_claim(order.shop, shipment, filing).claim
