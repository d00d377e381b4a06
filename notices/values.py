"""What the placeholders stand for in a mail: facts of the order, the parcel, the claim."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from common.dates import format_date, format_datetime
from events.models import Event
from notices.models import Mail
from notices.texts import Wording
from orders.models import Order, ProductRow
from orders.tracking_link import tracking_page_url
from shipments.carriers import carrier_name
from shipments.catalogue.texts import event_strings
from shipments.models import ArrivalSource, Shipment
from shipments.phases import Phase
from shipments.selectors import lines_by_order, own_lines_by_shipment
from shops.models import Shop

MOST_PRODUCTS = 20
LONGEST_VALUE = 1_000

_NO_NAME = re.compile(r"[/@:<>{}]|www\.|\.\w{2}", re.IGNORECASE)
"""What a name does not hold: whoever orders under an advertisement is greeted without it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What a mail is about, as it is now."""

    order: Order
    shipment: Shipment | None = None
    event: Event | None = None
    products: Sequence[ProductRow] = field(default=())


def material_of(shop: Shop, mails: Collection[Mail]) -> dict[UUID, Material]:
    """By mail; five queries for one mail as for a hundred. None for those whose order is gone."""
    order_ids = {mail.order_id for mail in mails if mail.order_id}
    orders = {order.id: order for order in Order.objects.of(shop).filter(id__in=order_ids)}
    shipments = {
        shipment.id: shipment
        for shipment in Shipment.objects.of(shop).filter(
            id__in={mail.shipment_id for mail in mails if mail.shipment_id}
        )
    }
    event_ids = {mail.event_id for mail in mails if mail.event_id}
    events = {event.id: event for event in Event.objects.of(shop).filter(id__in=event_ids)}
    lines = lines_by_order(shop, order_ids)
    own_lines = own_lines_by_shipment(shop, shipments.values())
    found = {}
    for mail in mails:
        order = orders.get(mail.order_id) if mail.order_id else None
        if order is None:
            continue
        shipment = shipments.get(mail.shipment_id) if mail.shipment_id else None
        has_own_lines = shipment is not None and shipment.has_own_lines
        found[mail.id] = Material(
            order=order,
            shipment=shipment,
            event=events.get(mail.event_id) if mail.event_id else None,
            products=own_lines[shipment.id] if shipment and has_own_lines else lines[order.id],
        )
    return found


def values_of(shop: Shop, group: str, material: Material, words: Wording) -> dict[str, str]:
    """Everything that a text may name; what is not known, or not said by this event, is empty."""
    order, event = material.order, material.event
    first_name, last_name = _names(order.address.get("name"))
    base = settings.BASE_URL
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "greeting": _greeting(first_name, words),
        "shop_name": shop.name,
        "order_number": order.order_number,
        "products": _products(material.products),
        "event": _event(group, event, words),
        "tracking_page": tracking_page_url(shop.id, order.id),
        "customer_email": order.email_id,
        "order_page": f"{base}/shops/{shop.slug}/orders/{order.id}",
        **(_of_shipment(material.shipment, shop, words) if material.shipment else {}),
        **(_of_claim(event.event_data, words) if event and event.source == "claims" else {}),
    }
    return {name: value[:LONGEST_VALUE] for name, value in values.items()}


def sample_values(shop: Shop, group: str, words: Wording) -> dict[str, str]:
    """Of an order that does not exist, to see what a text looks like."""
    base = settings.BASE_URL
    return {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "greeting": _greeting("Ada", words),
        "shop_name": shop.name,
        "order_number": "1001",
        "products": "1 × Linen shirt, M\n2 × Wool socks",
        "event": words.events.get(group)
        or event_strings("", Phase.IN_TRANSIT, words.language)["event_status"],
        "tracking_page": f"{base}/t/sample",
        "customer_email": "ada@shop.example",
        "order_page": f"{base}/shops/{shop.slug}/orders",
        "tracking_number": "00340434161094042557",
        "carrier": carrier_name("dhl"),
        "carrier_link": "https://carrier.example/00340434161094042557",
        "arrival": format_date(date(2026, 12, 2), "EEE d MMM", locale=words.language),
        "pickup_place": "Kiosk",
        "pickup_address": "Invalidenstraße 117, 10115 Berlin",
        "pickup_hours": "9–18",
        "pickup_until": format_date(date(2026, 12, 9), "EEE d MMM", locale=words.language),
        "claim_reason": words.claim_reasons["damage"],
        "claim_status": words.claim_statuses["pending"],
        "claim_description": "…",
    }


def _of_shipment(shipment: Shipment, shop: Shop, words: Wording) -> dict[str, str]:
    pickup = shipment.pickup or {}
    return {
        "tracking_number": shipment.tracking_number or "",
        "carrier": carrier_name(shipment.carrier_reference),
        "carrier_link": _web_link(shipment.carrier_url),
        "arrival": _arrival(shipment, shop, words),
        "pickup_place": pickup.get("name") or "",
        "pickup_address": pickup.get("address") or "",
        "pickup_hours": str(pickup.get("opening_hours") or ""),
        "pickup_until": _day(pickup.get("date_to"), shop, words),
    }


def _of_claim(said: Mapping[str, Any], words: Wording) -> dict[str, str]:
    reason, status = str(said.get("reason") or ""), str(said.get("status") or "")
    return {
        "claim_reason": words.claim_reasons.get(reason, reason),
        "claim_status": words.claim_statuses.get(status, status),
        "claim_description": str(said.get("description") or ""),
    }


def _event(group: str, event: Event | None, words: Wording) -> str:
    source, *path = event.ref.split("/") if event else ("",)
    if source == "shipments" and path and path[0] in Phase:
        name = path[1] if len(path) > 1 else ""
        return event_strings(name, Phase(path[0]), words.language)["event_status"]
    return words.events.get(event.event_group if event else group, "")


def _arrival(shipment: Shipment, shop: Shop, words: Wording) -> str:
    """“Wed 2 Dec – Fri 4 Dec”, in the shop's zone; with times where one day is meant.

    Nothing once it has arrived, and nothing where only what is usual is known: no promise.
    """
    end = shipment.arrival_end
    if end is None or not shipment.is_on_its_way or shipment.arrival_source == ArrivalSource.USUAL:
        return ""
    zone = ZoneInfo(shop.timezone)
    last = end.astimezone(zone)
    first = (shipment.arrival_start or end).astimezone(zone)
    days = [format_date(at, "EEE d MMM", locale=words.language) for at in (first, last)]
    if first.date() != last.date():
        return " – ".join(days)
    if shipment.arrival_source == ArrivalSource.CARRIER and first < last:
        hours = [format_datetime(at, "HH:mm", locale=words.language) for at in (first, last)]
        return f"{days[0]}, {hours[0]}–{hours[1]}"
    return days[0]


def _day(text: object, shop: Shop, words: Wording) -> str:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    local = at.astimezone(ZoneInfo(shop.timezone)) if at.tzinfo else at
    return format_date(local, "EEE d MMM", locale=words.language)


def _names(text: object) -> tuple[str, str]:
    """First names and last name: the last word; both empty for what is none."""
    said = text if isinstance(text, str) else ""
    if len(said) > 100 or _NO_NAME.search(said):
        return "", ""
    *first, last = said.split() or [""]
    return (" ".join(first), last) if first else (last, "")


def _greeting(first_name: str, words: Wording) -> str:
    if not first_name:
        return words.frame["greeting"]
    return words.frame["greeting_by_name"].replace("{first_name}", first_name)


def _products(lines: Sequence[ProductRow]) -> str:
    said = [str(line) for line in lines[:MOST_PRODUCTS]]
    return "\n".join([*said, *(["…"] if len(lines) > MOST_PRODUCTS else [])])


def _web_link(url: str) -> str:
    try:
        is_web = urlsplit(url).scheme in ("https", "http")
    except ValueError:
        return ""
    return url if is_web and not any(one.isspace() for one in url) else ""
