"""Erasing a customer: nothing of them is left anywhere, and nothing else is lost."""

import pytest
from django.core.cache import cache

from jobs.models import Job, JobState
from jobs.work import work_off
from orders.models import Order
from portal.jobs.kinds import KINDS
from shops.models import Role
from tests.factories import make_shop, place
from tests.portal.pages import member_client, text_of
from tests.privacy.marked import EMAIL, MARK, found_in_database, found_in_files, live

pytestmark = pytest.mark.django_db(transaction=True)

EXPECTED_BEFORE = {
    "auditlog_logentry.changes",
    "claims_claim.description",
    "claims_claimdraft.answers",
    "claims_claimentry.text",
    "claims_claimmail.body",
    "claims_claimphoto.name",
    "engagement_rating.comment",
    "events_event.event_data",
    "intake_idempotentrequest.content",
    "jobs_job.asked",
    "jobs_jobrow.message",
    "notices_mail.text",
    "orders_order.address",
    "orders_order.search_text",
    "portal_savedfilter.query",
    "sheets_importedrow.cells",
    "shipments_scan.additional_info",
    "shipments_shipment.pickup",
    "webhooks_attempt.response_body",
    "webhooks_message.body",
}


@pytest.fixture
def shop(media):
    return make_shop()


def erase(client, shop, address=EMAIL, **said):
    at = f"/shops/{shop.slug}/customer-data/erase"
    answer = client.post(at, {"address": address, "typed": address, **said})
    work_off(KINDS, seconds=60)
    return answer


def test_nothing_of_the_person_is_left_in_any_table_or_file(shop, receiver, media):
    orders = live(shop, receiver)
    admin = member_client(shop, Role.ADMIN)
    admin.post(f"/shops/{shop.slug}/customer-data/export", {"address": EMAIL})
    work_off(KINDS, seconds=60)
    before = set(found_in_database())
    assert before >= EXPECTED_BEFORE, EXPECTED_BEFORE - before
    assert [name.partition("/")[0] for name in found_in_files(media)].count("claims") == 3
    assert [name.partition("/")[0] for name in found_in_files(media)].count("exports") == 1
    assert cache.keys(f"*{orders[0].id}*")

    erase(admin, shop)

    assert Job.objects.latest("created_at").state == JobState.DONE
    assert found_in_database() == {}
    assert found_in_files(media) == []
    assert not [key for key in cache.keys("tracking:*") if str(orders[0].id) in key]
