"""What a text looks like as a mail, about a parcel that there is, or about a made-up one."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import F

from notices.groups import NOTICE_GROUPS, About
from notices.models import Audience, Mail, NoticeText
from notices.rendering import Frame, Rendered, render_mail
from notices.texts import Text, wording
from notices.values import material_of, sample_values, values_of
from orders.models import Order
from shipments.models import Shipment
from shops.models import Shop

MOST_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """Something of the shop's that a mail can be about."""

    order_id: UUID
    shipment_id: UUID | None
    label: str


def latest_examples(shop: Shop, group: str) -> list[Example]:
    """The newest parcels, or orders where the group is about those."""
    if NOTICE_GROUPS[group].about is About.ORDER:
        orders = Order.objects.of(shop).newest_first()[:MOST_EXAMPLES]
        return [
            Example(order_id=order.id, shipment_id=None, label=order.order_number)
            for order in orders
        ]
    shipments = (
        Shipment.objects.of(shop)
        .fulfilled()
        .filter(order__shop=F("shop"))
        .select_related("order")
        .order_by("-created_at", "-id")[:MOST_EXAMPLES]
    )
    return [
        Example(
            order_id=shipment.order_id,
            shipment_id=shipment.id,
            label=f"{shipment.order.order_number}, {shipment.tracking_number}",
        )
        for shipment in shipments
    ]


def text_of(shop: Shop, audience: Audience, group: str, language: str) -> tuple[Text, bool]:
    """The words that hold now, and whether they are the shop's own."""
    own = NoticeText.objects.of(shop).filter(
        audience=audience, event_group=group, language=language
    )
    if text := own.first():
        return Text(subject=text.subject, body=text.body), True
    return wording(language).texts[audience, group], False


def render_preview(
    shop: Shop,
    text: Text,
    *,
    audience: Audience,
    group: str,
    language: str,
    example: Example | None = None,
) -> Rendered:
    """The text was checked (`services.check_text`)."""
    words = wording(language)
    mail = Mail(
        shop=shop,
        order_id=example.order_id if example else None,
        shipment_id=example.shipment_id if example else None,
    )
    material = material_of(shop, [mail]).get(mail.id) if example else None
    values = (
        values_of(shop, group, material, words) if material else sample_values(shop, group, words)
    )
    if not values["event"]:  # nothing has happened to the example by this name
        values["event"] = sample_values(shop, group, words)["event"]
    base = settings.BASE_URL
    frame = Frame(shop=shop, wording=words, unsubscribe_url=f"{base}/unsubscribe/sample")
    return render_mail(text.subject, text.body, values, frame, button=words.button(audience))
