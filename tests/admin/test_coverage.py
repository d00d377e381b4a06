"""The back office knows every model of a shop, and finds rows of each; more rows cost no more."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from analytics.models import DeliveryTarget
from analytics.refresh import rebuild
from engagement.announcements import announce
from engagement.design import Design, save_design
from intake.test_parcels import send_test_parcel
from jobs.services import start_job
from portal.models import SavedFilter, StaffVisit, WeeklySummary
from portal.visits.visiting import begin_visit
from privacy.models import DoomedFile, Erasure, Export, Forgotten, Retention
from privacy.requests import ask_for_erasure, ask_for_export
from shipments.arrival.learn import learn_transit_times
from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import Aggregator
from shipments.feeds.simulator.stories import STORIES, Speed
from shops.invitations import invite
from shops.models import Membership, Role, User
from tests.admin.pages import change_url, list_url
from tests.factories import (
    make_campaign,
    make_claim,
    make_discount,
    make_key,
    make_member,
    make_shop,
    place,
)
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db

WITHOUT_SEARCH: dict[str, str] = {}
WITHOUT_PAGE = {
    "shops.Membership": "rows on the pages of shops and people",
    "shops.ApiKeyGrant": "rows on the pages of keys",
    "jobs.JobRow": "what became of each row is the shop's to read, in the portal",
    "orders.OrderLine": "rows on the pages of orders",
    "shipments.ShipmentLine": "rows on the pages of shipments",
    "feeds.FeedAddress": "its token is a secret: shown to the shop only",
    "feeds.PlannedScan": "a queue of the simulator; the test parcel has a page",
    "claims.ClaimDraft": "what customers have not sent yet is nobody's to read",
    "claims.ClaimPhoto": "on the claim's page",
    "claims.ClaimEntry": "on the claim's page",
    "campaigns.FulfilledSegments": "a copy that results are counted by",
    "intake.IdempotentRequest": "answers kept for a day, found by their key only",
    "webhooks.Message": "on the delivery's page in the portal; its facts are an event",
    "analytics.Mark": "no id: counted on the page Operation",
    "analytics.Moved": "no id: gone after two days",
    "analytics.OrderDay": "no id: a cell of the rollup",
    "analytics.ParcelDay": "no id: a cell of the rollup",
    "analytics.ClaimDay": "no id: a cell of the rollup",
    "portal.ChosenColumns": "which columns a person looks at",
    "privacy.ExportPart": "a file in the making",
    "sheets.ImportedRow": "the shop's file, row by row; the import has a page",
}


def of_shops() -> list[type[Model]]:
    return [model for model in apps.get_models() if "shop" in {f.name for f in model._meta.fields}]


def test_every_model_of_a_shop_has_a_page_or_a_reason_why_not():
    without = {m._meta.label for m in of_shops() if m not in admin.site._registry}

    assert without == set(WITHOUT_PAGE)


def test_every_list_is_searched_or_has_a_reason_why_not():
    without = {
        model._meta.label for model, page in admin.site._registry.items() if not page.search_fields
    }

    assert without == set(WITHOUT_SEARCH)


def test_every_list_can_be_searched_for_anything(staff):
    grow(1)

    answers = {
        (model._meta.label, words): staff.get(list_url(model), {"q": words}).status_code
        for model in admin.site._registry
        for words in ("x", "a b", "01890000-0000-7000-8000-000000000000", "%", "'", "127.0.0.1")
    }

    assert set(answers.values()) == {200}, answers


def test_every_list_costs_the_same_with_more_rows(staff):
    grow(2)
    few = {model._meta.label: cost(staff, model) for model in admin.site._registry}
    grow(3)
    many = {model._meta.label: cost(staff, model) for model in admin.site._registry}

    grown = {label: (few[label], many[label]) for label in few if many[label] > few[label]}
    assert grown == {}
    assert max(many.values()) <= 12, many


def test_second_factors_are_not_shown(staff):
    user = User.objects.get(is_superuser=True)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    row = Authenticator.objects.get()

    page = staff.get(change_url(row)).content.decode()

    assert user.email in page
    assert secret not in page
    assert row.data["secret"] not in page


def test_whose_data_was_asked_for_is_not_shown(staff):
    grow(1)

    for model in (Erasure, Export):
        row = model.objects.get()
        for url in (list_url(model), change_url(row)):
            page = staff.get(url).content.decode()
            assert row.reference in page
            assert not re.search(f"ada@example|{row.address_digest}|{row.orders[0]}", page)


def cost(staff, model: type[Model]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert staff.get(list_url(model)).status_code == 200
    return len(queries)


def grow(count: int) -> None:
    """More shops with some of everything."""
    for _number in range(count):
        shop = make_shop()
        member = make_member(shop, Role.ADMIN, password=None)
        staff = User.objects.filter(is_superuser=True).get()
        make_key(shop)
        order = place(shop)
        make_claim(order)
        make_campaign(shop, discount_id=make_discount(shop).id)
        begin_visit(staff, Membership.objects.get(user=member), reason="To look")
        invite(shop, email="n@example.com", role=Role.VIEWER, invited_by=member)
        SavedFilter.objects.create(shop=shop, name="Late", query="flag=delay", owner=member)
        WeeklySummary.objects.create(shop=shop, person=member, told_until="2026-01-04")
        webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
        send_test(webhook, "orders/placed")
        send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
        connect_aggregator(shop, aggregator=Aggregator.AFTERSHIP, secret="s")
        connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
        start_job(shop, kind="cancel_orders", asked={"ids": [str(order.id)]})
        save_design(shop, Design())
        announce(shop, texts={"en": "A strike."})
        learn_transit_times(shop)
        DeliveryTarget.objects.create(shop=shop)
        ask_for_erasure(shop, "ada@example.com", [order.id])
        ask_for_export(shop, "ada@example.com", [order.id], person=member)
        Retention.objects.create(shop=shop)
        Forgotten.objects.create(shop=shop, day="2026-01-04", what="mail_days", count=1)
        DoomedFile.objects.create(shop=shop, name="exports/1.zip")
        rebuild(shop)
    assert StaffVisit.objects.exists()
