"""Two at once: decisions, filings and photos, in threads of their own."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from claims.drafts import MOST_PHOTOS, add_photo, answer_step, begin_draft, file_draft
from claims.errors import ClaimDecided, PhotoRefused
from claims.filing import Filing, file_claim
from claims.flows import Step
from claims.images import take_in
from claims.models import Claim, ClaimEntry, ClaimMail, ClaimPhoto, EntryKind, Flow, Reason
from claims.services import update_claim
from events.models import Event
from tests.api import ShopClient
from tests.claims.pictures import picture
from tests.factories import fulfil, make_claim, make_shop, place

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised; all of them begin together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return call()
        except Exception as raised:  # noqa: BLE001 - it is what the test asks for
            return raised
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def order_of_a_shop():
    shop = make_shop()
    return fulfil(shop, place(shop, email_id="jane@example.com"), "T1")


def test_of_two_decisions_one_wins_and_the_other_is_refused():
    for _ in range(5):
        claim = make_claim(order_of_a_shop())

        results = at_once(
            lambda claim=claim: update_claim(claim, status="accepted", answer="Yes"),
            lambda claim=claim: update_claim(claim, status="rejected", answer="No"),
        )

        refused = [one for one in results if isinstance(one, Exception)]
        [won] = [one for one in results if not isinstance(one, Exception)]
        assert [type(one) for one in refused] == [ClaimDecided]
        claim.refresh_from_db()
        assert (claim.status, claim.answer) == (won.claim.status, won.claim.answer)
        assert ClaimEntry.objects.filter(claim=claim, kind=EntryKind.DECIDED).count() == 1
        assert ClaimMail.objects.filter(entry__claim=claim).count() == 1
        assert Event.objects.of(claim.shop).filter(ref="claims/updated").count() == 1


def test_the_same_decision_twice_at_once_is_told_once():
    claim = make_claim(order_of_a_shop())

    results = at_once(*[lambda: update_claim(claim, status="accepted", answer="Yes")] * 4)

    assert sorted(one.is_changed for one in results) == [False, False, False, True]
    assert ClaimMail.objects.count() == 1
    assert Event.objects.filter(ref="claims/updated").count() == 1


def test_the_same_claim_filed_at_once_is_one():
    order = order_of_a_shop()
    shipment = order.shipments.get()
    filing = Filing(reason=Reason.DAMAGE, description="Broken")

    results = at_once(*[lambda: file_claim(order.shop, shipment, filing)] * 4)

    assert sorted(one.is_new for one in results) == [False, False, False, True]
    assert len({one.claim.id for one in results}) == 1
    assert Claim.objects.count() == 1


def test_one_idempotency_key_at_once_is_one_claim():
    order = order_of_a_shop()
    client = ShopClient(order.shop)
    said = {"tracking_number": "T1", "reason": "damage", "image_urls": ["https://a.example/1"]}

    answers = at_once(*[lambda: client.post(said, "/claims", **{"Idempotency-Key": "k"})] * 3)

    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["uuid"] for one in answers}) == 1
    assert Claim.objects.count() == 1


@pytest.fixture
def own_storage(settings, tmp_path) -> None:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}


def test_a_draft_sent_twice_at_once_is_one_claim(own_storage):
    order = order_of_a_shop()
    draft = begin_draft(order.shop, order, Flow.SUPPORT)
    content = picture()
    add_photo(draft, take_in(io.BytesIO(content), size=len(content)))
    answer_step(draft, Step.PHOTOS, True)
    draft = answer_step(draft, Step.DESCRIPTION, "Hello")

    results = at_once(*[lambda: file_draft(draft)] * 4)

    assert len({one.id for one in results}) == 1
    assert Claim.objects.count() == 1
    assert Event.objects.filter(ref="claims/created").count() == 1


def test_beginning_and_sending_at_once_block_each_other_for_no_longer_than_they_take(own_storage):
    order = order_of_a_shop()
    draft = begin_draft(order.shop, order, Flow.SUPPORT)
    answer_step(draft, Step.PHOTOS, True)
    draft = answer_step(draft, Step.DESCRIPTION, "Hello")

    results = at_once(
        lambda: file_draft(draft),
        lambda: begin_draft(order.shop, order, Flow.SUPPORT),
        lambda: file_draft(draft),
        lambda: begin_draft(order.shop, order, Flow.SUPPORT),
    )

    assert not [one for one in results if isinstance(one, Exception)]
    assert Claim.objects.count() == 1


def test_photos_at_once_are_never_more_than_may_be(own_storage):
    order = order_of_a_shop()
    draft = begin_draft(order.shop, order, Flow.SUPPORT)
    pictures = [picture(size=(20, 20 + n)) for n in range(MOST_PHOTOS + 3)]
    taken = [take_in(io.BytesIO(content), size=len(content)) for content in pictures]

    results = at_once(*[lambda one=one: add_photo(draft, one) for one in taken])

    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [PhotoRefused] * 3
    assert ClaimPhoto.objects.count() == MOST_PHOTOS
