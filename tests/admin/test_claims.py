"""Claims in the back office: looked at, and decided through the services."""

import pytest

from claims.models import Claim, ClaimEntry, ClaimMail, ClaimRule, ClaimSettings, EntryKind
from claims.services import answer_claim
from events.models import Event
from tests.admin.pages import change_url, list_url
from tests.factories import fulfil, make_claim, make_shop, place

pytestmark = pytest.mark.django_db


def claim_of(**order) -> Claim:
    shop = make_shop()
    return make_claim(fulfil(shop, place(shop, email_id="a@example.com", **order), "T1"))


@pytest.mark.parametrize("model", [Claim, ClaimMail, ClaimRule, ClaimSettings])
def test_every_list_and_page_opens(staff, model):
    claim = claim_of()
    answer_claim(claim, "Hello")
    ClaimSettings.objects.create(shop=claim.shop)
    ClaimRule.objects.create(shop=claim.shop, position=0, name="All", decision="leave")
    row = model.objects.get()

    for url in (list_url(model), change_url(row), change_url(row).replace("change", "history")):
        assert staff.get(url).status_code == 200


def test_claims_are_found_by_order_number_and_id(staff):
    claim = claim_of(order_number="A-1")
    other = claim_of(order_number="A-2")

    for term in ("A-1", str(claim.id), str(claim.order_id)):
        page = staff.get(list_url(Claim), {"q": term}).content.decode()
        assert str(claim.id) in page
        assert str(other.id) not in page


def act(staff, claim: Claim, action: str):
    said = {"action": action, "_selected_action": [str(claim.id)]}
    return staff.post(list_url(Claim), said, follow=True)


def test_staff_decide_through_the_service(staff):
    claim = claim_of()

    act(staff, claim, "accept")
    refused = act(staff, claim, "reject")

    claim.refresh_from_db()
    assert claim.status == "accepted"
    assert "open it again first" in refused.content.decode()
    assert Event.objects.filter(ref="claims/updated").count() == 1
    assert ClaimEntry.objects.filter(kind=EntryKind.DECIDED).count() == 1


def test_staff_hide_a_claim_and_keep_it(staff):
    claim = claim_of()

    act(staff, claim, "delete_softly")

    assert Claim.objects.get().deleted_at is not None
