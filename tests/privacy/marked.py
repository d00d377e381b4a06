"""A customer whose every word is a marker, who goes through all of the product; and the search for
the markers in everything that is stored."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.models import Claim
from jobs.work import work_off
from notices.models import Audience, Mail, MailState
from notices.sending import MailSender
from orders.models import Order
from portal.jobs.kinds import KINDS
from shipments.models import Shipment
from shops.models import Role, Shop
from tests.api import ShopClient
from tests.claims.pictures import picture
from tests.notices.telling import switch_on
from tests.portal.pages import member_client
from tests.portal.sheets_pages import import_all
from tests.tracking.claiming import Customer, upload
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import work_until
from webhooks.dispatch import dispatch
from webhooks.models import Delivery, DeliveryState
from webhooks.services import create_webhook

MARK = "xqzmarker"
EMAIL = f"{MARK}@example.com"
PHONE = "0991234554321"
ZIP = "SW99 9XQ"
MARKERS = (MARK, PHONE, "99 9xq", "999xq")


def address(**changes: str) -> dict[str, str]:
    words = ("address_line_1", "address_line_2", "street", "city", "province", "name", "company")
    return {
        **{name: f"{MARK} {name}" for name in words},
        "province_code": MARK,
        "phone": PHONE,
        "zip_code": ZIP,
        "country": "United Kingdom",
        "country_code": "GB",
        **changes,
    }


def order_of(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "order_number": number,
        "order_placed_at": (timezone.now() - timedelta(days=5)).isoformat(),
        "total_order_price": 70,
        "products": [
            {"sku": "A", "title": "Lamp", "quantity": 2, "price": 20},
            {"sku": "B", "title": "Vase", "quantity": 1, "price": 30},
        ],
        "discounts": [{"code": f"{MARK}10", "amount": "10", "type": "percentage"}],
        "email_id": EMAIL,
        "external_customer_id": f"{MARK} id",
        "order_status_url": f"https://shop.example/{MARK}",
        "user_agent": f"Mozilla {MARK}",
        "preferred_delivery_date": {"source": MARK},
        "order_analytics": {"landing": f"https://shop.example/?who={MARK}"},
        "address": address(),
        **changes,
    }


def live(shop: Shop, receiver: Receiver, numbers: tuple[str, str] = ("M-1", "M-2")) -> list[Order]:
    """All that can be said of somebody is said, by the API and on pages; their orders."""
    receiver.respond = lambda got: web.Response(
        text=f"{MARK} said {got.body.decode()}"[:3000], headers={"X-Who": MARK}
    )
    create_webhook(shop, url=receiver.url())
    switch_on(shop, "order_placed", "shipment_delivered", "claim_created")
    switch_on(shop, "claim_created", "order_placed", audience=Audience.STAFF)
    api, editor = ShopClient(shop), member_client(shop, Role.ADMIN)
    placed = api.post(
        order_of(numbers[0]), **{"Idempotency-Key": "k-1", "Prefer": "return=representation"}
    )
    assert placed.status_code == 200, placed.content
    for number in numbers:
        _send_parcel(api, shop, number)
    one, two = (Order.objects.of(shop).get(order_number=number) for number in numbers)
    _claim(api, shop, one)
    _visit(one)
    _begin_claim(two)
    _work(editor, shop, one)
    _import(editor, shop, two)
    dispatch()
    work_until(lambda: not Delivery.objects.exclude(state=DeliveryState.SUCCEEDED).exists())
    MailSender().send_due()
    mails = list(Mail.objects.of(shop).values_list("state", "recipient", "event_group", "error"))
    assert (MailState.SENT, EMAIL) in {mail[:2] for mail in mails}, mails
    return [one, two]


def _send_parcel(api: ShopClient, shop: Shop, number: str) -> None:
    tracking = {
        "tracking_number": f"T{number}",
        "carrier_reference": "dhl",
        "tracking_url": f"https://carrier.example/?zip={ZIP}&who={MARK}",
        "tracking_placed_at": (timezone.now() - timedelta(days=4)).isoformat(),
    }
    sent = api.put({"id": number, "order": order_of(number), "trackings": [tracking]})
    assert sent.status_code == 200, sent.content
    shipment = Shipment.objects.of(shop).get(tracking_number=f"T{number}")
    for name, pickup in (("ARRIVED_AT_PICKUP", {"name": MARK}), ("SUCCESSFULLY_DELIVERED", None)):
        scan = {
            "event_name": name,
            "event_time": (timezone.now() - timedelta(days=1)).isoformat(),
            "external_id": name,
            "location": f"{MARK} street",
            "additional_info": f"Left with {MARK}",
            "pickup": pickup or {"type": "neighbor", "name": MARK, "address": MARK},
        }
        answer = api.post(scan, f"/shipments/{shipment.id}/events")
        assert answer.status_code < 300, answer.content


def _claim(api: ShopClient, shop: Shop, order: Order) -> None:
    said = {
        "tracking_number": f"T{order.order_number}",
        "reason": "damage",
        "description": f"{MARK} says it is broken",
        "customer_signature_image_url": f"https://shop.example/{MARK}.png",
        "image_urls": [f"https://shop.example/{MARK}.jpg"],
        "selected_items": [
            {"sku": "A", "quantity": 1, "image_urls": [f"https://shop.example/{MARK}"]}
        ],
    }
    answer = api.post(said, "/claims", **{"Idempotency-Key": f"claim {order.order_number}"})
    assert answer.status_code < 300, answer.content


def _visit(order: Order) -> None:
    """The page, a rating, a claim with a photo and a signature."""
    customer = Customer(order)
    assert MARK in customer.get("").content.decode()
    shipment = order.shipments.get()
    rated = {"score": "2", "comment": f"{MARK} is not amused"}
    assert customer.post(f"/parcels/{shipment.id}/rating", rated).status_code == 302
    customer.begin("defective")
    customer.step("issue", answer="broken")
    customer.step("items", **{"item-0": "1", "item-1": "0"})
    photos = [upload(picture(), f"{MARK}.jpg")]
    customer.step("photos", photos=photos, **{"continue": "yes"})
    customer.step("preference", answer="refund")
    customer.step("description", answer=f"{MARK} wants money")
    customer.step("check")
    customer.begin("not_received")
    customer.step("issue", answer="said_delivered")
    customer.step("dropoff", answer="no")
    customer.step("preference", answer="refund")
    customer.step("description", answer=MARK)
    customer.step("signature", answer=f"{MARK} signed")
    customer.step("check")
    assert Claim.objects.filter(order=order, signed_by__contains=MARK).exists()
    assert MARK in customer.get("").content.decode()


def _begin_claim(order: Order) -> None:
    """And never send it."""
    customer = Customer(order)
    customer.begin("defective")
    customer.step("issue", answer="broken")
    customer.step("items", **{"item-0": "1", "item-1": "0"})
    photos = [upload(picture(size=(320, 240)), f"{MARK}.jpg")]
    customer.step("photos", photos=photos, **{"continue": "yes"})
    customer.step("preference", answer="refund")
    customer.step("description", answer=f"{MARK} thinks")


def _work(editor: Client, shop: Shop, order: Order) -> None:
    """People answer, note, edit, search and save."""
    claim = Claim.objects.of(shop).filter(order=order, flow="").get()
    at = f"/shops/{shop.slug}/claims/{claim.id}"
    assert editor.post(f"{at}/mail", {"text": f"Dear {MARK}"}).status_code == 302
    assert editor.post(f"{at}/note", {"text": f"{MARK} again"}).status_code == 302
    decided = editor.post(f"{at}/decide", {"status": "accepted", "answer": f"Yes, {MARK}"})
    assert decided.status_code == 302
    edit = f"/shops/{shop.slug}/orders/{order.id}/edit"
    page = editor.get(edit)
    fields = [field for form in page.context["formset"].forms for field in form]
    form = page.context["form"]
    said = {field.html_name: field.value() for field in [*form, *fields]}
    hidden = r'name="(lines-[A-Z_]+|seen)"[^>]*value="([^"]*)"'
    said |= dict(re.findall(hidden, page.content.decode()))
    said["order_placed_at"] = timezone.localtime(order.order_placed_at).strftime("%Y-%m-%dT%H:%M")
    said["address_name"] = f"{MARK} renamed"
    said = {name: "" if value is None else value for name, value in said.items()}
    assert editor.post(edit, said).status_code == 302, editor.post(edit, said).content.decode()
    saved = {"name": f"about {MARK}", "query": f"q={MARK}%40example.com"}
    assert editor.post(f"/shops/{shop.slug}/shipments/filters", saved).status_code == 302
    query = {"query": f"q={MARK}%40example.com&state=cancelled", "everything": "on"}
    at = f"/shops/{shop.slug}/jobs/do/cancel_orders"
    assert editor.post(at, {**query, "confirmed": "on"}).status_code == 302
    work_off(KINDS, seconds=60)


def _import(editor: Client, shop: Shop, order: Order) -> None:
    rows = [
        "order_number,email_id,address_name,address_zip_code,total_order_price",
        f"{order.order_number},{EMAIL},{MARK} imported,{ZIP},x{MARK}",
        f"M-9,{EMAIL},{MARK} imported,,10",
    ]
    import_all(editor, shop, "\n".join(rows))


def found_in_database() -> dict[str, list[str]]:
    """In which columns of which tables a marker stands, with the first rows."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c
              JOIN information_schema.tables AS t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb',
                                   'ARRAY', 'bytea')
            """
        )
        for table, column, kind in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            any_of = " OR ".join(f"position(%s IN lower({text})) > 0" for _ in MARKERS)
            cursor.execute(f'SELECT {text} FROM "{table}" WHERE {any_of} LIMIT 3', MARKERS)
            if rows := [row[0] for row in cursor.fetchall()]:
                found[f"{table}.{column}"] = rows
    return found


def found_in_files(media: Path) -> list[str]:
    """Every file there is: none may stay that was the customer's."""
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())
