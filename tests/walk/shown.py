"""A shop of which every page has something to show, and some of it too long."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from campaigns.models import Campaign
from claims.models import Claim
from claims.services import note_on_claim
from engagement.announcements import announce
from intake.test_parcels import send_test_parcel
from jobs.services import start_job
from jobs.work import work_off
from notices.models import Audience
from notices.services import send_test_mail
from orders.models import Order
from portal.jobs.kinds import KINDS, TRY_IMPORT
from portal.models import SavedFilter, SavedRoom
from portal.sheets.services import attach_job, match_columns
from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import Aggregator, CarrierConnection
from shipments.feeds.simulator.stories import STORIES, Speed
from shipments.models import Shipment
from shops.invitations import invite
from shops.models import Membership, Role, Shop, User
from tests.factories import (
    make_campaign,
    make_claim,
    make_discount,
    make_key,
    make_member,
    make_shop,
    place,
)
from tests.portal.browser.visits import place_varied, ship, ship_varied
from tests.portal.numbers.pages import sent, some
from tests.portal.sheets_pages import kept_file
from webhooks.samples import send_test
from webhooks.services import create_webhook

LONG_WORD = "W" * 60


@dataclass(frozen=True, kw_only=True)
class Shown:
    shop: Shop
    person: User
    """Administers the shop, and is of the operator's staff."""
    order: Order
    shipment: Shipment
    claim: Claim


def make_shown() -> Shown:
    shop = make_shop(name=LONG_WORD, slug="w" * 63)
    person = make_member(
        shop,
        email=f"{'w' * 64}@subdomain.example.com",
        is_staff=True,
        is_superuser=True,
    )
    Membership.objects.create(shop=make_shop(), user=person)
    some(shop, 4)
    order, shipment = place_varied(shop), ship_varied(shop)
    ship(shop, "X" * 200, "OUT_FOR_DELIVERY", tracking_company="Y" * 200)
    sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))
    claim = make_claim(shipment.order, reason="support", description="Where is the manual? " * 12)
    note_on_claim(claim, "Asked the carrier for its report.")
    _marketing(shop)
    _programs(shop)
    _people(shop, person)
    _imported(shop)
    _mails(shop, order)
    SavedFilter.objects.create(shop=shop, name="Late ones in Austria", query="flag=delay")
    SavedFilter.objects.create(shop=shop, owner=person, name=LONG_WORD, query="phase=collect")
    SavedFilter.objects.create(
        shop=shop, room=SavedRoom.ANALYTICS, name=LONG_WORD, query="part=claims&carrier=dhl"
    )
    return Shown(shop=shop, person=person, order=order, shipment=shipment, claim=claim)


def _marketing(shop: Shop) -> None:
    make_campaign(
        shop,
        name="Spring with a rather long name that has to wrap somewhere on a telephone",
        segment="subscribers-of-the-newsletter-of-this-year",
        holdout_percent=10,
        promotion_type="product",
        discount_id=make_discount(shop, code="THANKS10-AND-MORE-FOR-YOU").id,
        alternative_properties={"title": "B"},
        promotion_properties={
            "title": "Spring is here",
            "subtitle": "New colours",
            "cta_label": "Look",
            "cta_url": "https://shop.example/spring",
            "products": [
                {"title": "Scarf", "url": "https://shop.example/scarf", "price": 19.9},
                {"title": "A hat of the softest wool there is", "price": 1_249},
            ],
        },
    )
    Campaign.objects.create(shop=shop, name="Come back soon " * 8)
    announce(shop, texts={"en": "A strike delays parcels. ", "de": "Ein Streik. "})


def _programs(shop: Shop) -> None:
    make_key(shop)
    send_test_parcel(shop, story=STORIES["lost"], speed=Speed.AS_IT_IS)
    connect_carrier(shop, CONNECTORS["ups"], {"client_id": "i", "client_secret": "s"})
    CarrierConnection.objects.of(shop).update(last_trouble="No answer in time.")
    connect_aggregator(shop, aggregator=Aggregator.EASYPOST, secret="s")
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    send_test(webhook, "shipments/delivered/SUCCESSFULLY_DELIVERED")


def _people(shop: Shop, person: User) -> None:
    make_member(shop, Role.VIEWER, email="viewer@example.com")
    invite(shop, email="new@example.com", role=Role.EDITOR, invited_by=person)


def _imported(shop: Shop) -> None:
    kept = kept_file(shop, b"order_number,city,city\nplain,Berlin,\nnew,Berlin,\n")
    match_columns(kept, ["order_number", "city", ""])
    trial = start_job(shop, kind=TRY_IMPORT, asked={"import": str(kept.id), "language": "en"})
    attach_job(kept, trial)
    ticked = [str(place(shop).id), "00000000-0000-7000-8000-000000000000"]
    start_job(shop, kind="cancel_orders", asked={"ids": ticked})
    work_off(KINDS, seconds=30)


def _mails(shop: Shop, order: Order) -> None:
    send_test_mail(
        shop,
        audience=Audience.CUSTOMERS,
        group="shipment_delivered",
        language="en",
        recipient="a@shop.example",
        order_id=order.id,
    )
