"""Two people at once: a segment has one campaign, and nobody sees an error of ours."""

import threading

import pytest
from django.db import connection

from campaigns.errors import ActiveSegmentExists
from campaigns.models import Campaign
from campaigns.services import change_campaign, create_campaign
from tests.factories import make_campaign, make_shop

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What each came to: what it returned, or raised."""
    start, found = threading.Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            found.append(act())
        except Exception as error:  # noqa: BLE001 - looked at below
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return found


def test_of_two_that_are_enabled_at_once_for_one_segment_one_is_refused():
    shop = make_shop()
    campaigns = [make_campaign(shop, segment="vip", is_enabled=False) for _ in range(4)]

    found = at_once(
        *(lambda one=one: change_campaign(one, {"is_enabled": True}) for one in campaigns)
    )

    assert sum(isinstance(one, Campaign) for one in found) == 1
    assert sum(isinstance(one, ActiveSegmentExists) for one in found) == 3
    assert Campaign.objects.of(shop).filter(is_enabled=True).count() == 1


def test_of_two_that_are_made_at_once_with_one_name_each_gets_a_code_of_its_own():
    shop = make_shop()

    found = at_once(*(lambda: create_campaign(shop, {"name": "Spring"}) for _ in range(4)))

    assert {one.code for one in found} == {"spring", "spring-2", "spring-3", "spring-4"}
