"""The inbox of claims in a real browser."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect

from claims.drafts import add_photo, answer_step, begin_draft, file_draft
from claims.flows import Step
from claims.images import take_in
from claims.models import Claim, ClaimRule, Flow
from claims.services import note_on_claim, update_claim
from shops.models import Shop
from tests.claims.pictures import picture
from tests.factories import make_claim, make_member, make_shop
from tests.portal.browser.visits import log_in, violations
from tests.tracking.claiming import delivered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path) -> None:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}


def file_varied(shop: Shop) -> Claim:
    """Some claims with all that a page can show; answers the one that has the most."""
    ClaimRule.objects.create(
        shop=shop, position=0, name="Small returns", decision="accept", reasons=["return"]
    )
    order = delivered(shop, email_id="jane@example.com")
    make_claim(order, reason="support", description="Where is the manual?")
    made = make_claim(delivered(shop, number="T2"), reason="return", flow="return")
    update_claim(made, status="closed")
    draft = begin_draft(shop, order, Flow.DEFECTIVE)
    content = picture()
    add_photo(draft, take_in(BytesIO(content), size=len(content)), name="lamp.jpg")
    for step, said in {
        Step.ISSUE: "broken",
        Step.ITEMS: {"0": 1},
        Step.PHOTOS: True,
        Step.PREFERENCE: "refund",
        Step.DESCRIPTION: "The shade is torn. " * 12,
    }.items():
        draft = answer_step(draft, step, said)
    claim = file_draft(draft)
    note_on_claim(claim, "Asked the carrier for its report.")
    return claim


def test_a_claim_is_found_assigned_and_decided(page, context, live_server):
    shop = make_shop()
    claim = file_varied(shop)
    user = make_member(shop, name="Ada")
    log_in(context, live_server.url, user)

    page.goto(f"/shops/{shop.slug}/claims")
    page.get_by_role("link", name="Pending").click()
    expect(page).to_have_url(re.compile("status=pending"))
    page.get_by_role("link", name="Something is broken or does not work").click()
    page.get_by_label("Assigned to").select_option("Ada")
    page.get_by_role("button", name="Assign").click()
    page.get_by_label("Answer to the customer").fill("We send a new one.")
    page.get_by_role("button", name="Accept").click()

    expect(page.get_by_text("The claim is accepted.")).to_be_visible()
    claim.refresh_from_db()
    assert (claim.status, claim.assignee) == ("accepted", user)


def test_a_rule_is_tried_before_it_is_saved(page, context, live_server):
    shop = make_shop()
    file_varied(shop)
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/claims/settings")
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("Name").fill("Everything")
    page.get_by_role("button", name="Try it on the last 90 days").click()
    expect(page.get_by_text("This rule alone would have fitted 3 of 3 claims.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Everything")).to_be_visible()
