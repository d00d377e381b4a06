"""An examination that something breaks into."""

from collections.abc import Iterator

import pytest
from django.db import connection

from doctor.check import ShopCheck, Trouble
from doctor.checks.orders import ORDER_STATES
from doctor.examination import examine
from doctor.report import as_text
from orders.models import Order
from shops.models import Shop
from tests.factories import make_shop, place


def lose_the_connection(shop: Shop) -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    yield Trouble(subject="none", label="none", detail="is never come to")


CUT_OFF = ShopCheck(name="cut-off", title="", means="", advice="", ask=lose_the_connection)


@pytest.mark.django_db(transaction=True)
def test_what_is_cut_off_is_said_and_the_other_checks_go_on() -> None:
    shop = make_shop()
    place(shop)
    Order.objects.of(shop).update(state="fulfilled")
    findings = list(examine([shop], [CUT_OFF, ORDER_STATES], [], pause=0))
    said = "\n".join(as_text(findings))
    assert f"cut-off in {shop.slug}: NOT DONE TO THE END: terminating connection" in said
    assert f"order-states in {shop.slug}: NOT SO" in said
