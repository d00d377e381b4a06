"""Customers who have no e-mail: found by what their orders say, exported and erased by those."""

import io
import json
import zipfile

import pytest

from jobs.work import work_off
from orders.models import Order
from portal.jobs.kinds import KINDS
from portal.sheets.models import ImportedRow
from privacy.models import Erasure, Export
from shops.models import Role
from tests.factories import make_shop, place
from tests.portal.pages import member_client, text_of
from tests.portal.sheets_pages import kept_file

pytestmark = pytest.mark.django_db(transaction=True)

JANE = {"name": "Jane Nobody", "zip_code": "10119", "phone": "+49 (0)30 555-12 34"}


@pytest.fixture
def shop(media):
    return make_shop()


@pytest.fixture
def admin(shop):
    return member_client(shop, Role.ADMIN)


@pytest.fixture
def order(shop):
    place(shop, order_number="MAIL", address=JANE)
    place(make_shop(), email_id=None, address=JANE)
    place(shop, order_number="JOE", email_id=None, address={"name": "Joe", "zip_code": "20095"})
    return place(shop, order_number="JANE", email_id=None, address=JANE)


def ask(client, shop, what, said, **more):
    answer = client.post(f"/shops/{shop.slug}/customer-data{what}", {"address": said, **more})
    work_off(KINDS, seconds=60)
    return answer


@pytest.mark.parametrize("said", ["jane nobody", "10119", "030 5551234", "+49305551234", "JANE"])
def test_they_are_found_by_name_zip_code_and_phone(shop, admin, order, said):
    page = ask(admin, shop, "", said)

    assert page.context["found"].orders == []
    assert page.context["found"].suggested == [order]
    assert "Orders without an e-mail: tick what is theirs" in text_of(page)


@pytest.mark.parametrize("said", ["030 5551234", "+49 30 5551234"])
def test_the_search_box_finds_them_by_phone(shop, admin, order, said):
    answer = admin.get(f"/shops/{shop.slug}/find", {"q": said})

    assert answer.headers["Location"] == f"/shops/{shop.slug}/orders/{order.id}"


def test_an_export_holds_the_ticked_orders(shop, admin, order):
    ask(admin, shop, "/export", "Jane", order=[order.id])

    export = Export.objects.of(shop).get()
    answer = admin.get(f"/shops/{shop.slug}/customer-data/exports/{export.id}.zip")
    content = io.BytesIO(b"".join(answer.streaming_content))
    answer.close()
    held = json.loads(zipfile.ZipFile(content).read("customer.json"))["held"]
    assert [one["order_number"] for one in held["orders_order"]] == ["JANE"]


def test_erasing_takes_what_the_ticked_orders_say_and_nothing_of_anybody_else(shop, admin, order):
    kept_file(shop, b"order_number,name\nJANE,Jane\nJOE,Joe\n")
    ask(admin, shop, "/export", "Jane", order=[order.id])

    asked = ask(admin, shop, "/erase", "Jane", order=[order.id])
    wrong = ask(admin, shop, "/erase", "Jane", order=[order.id], typed="Joe")
    ask(admin, shop, "/erase", "Jane", order=[order.id], typed="jane")

    assert "Type Jane to confirm" in text_of(asked)
    assert "nothing was erased" in text_of(wrong)
    names = Order.objects.of(shop).values_list("order_number", "address__name")
    assert dict(names) == {"MAIL": "Jane Nobody", "JOE": "Joe", "JANE": None}
    assert [row.cells for row in ImportedRow.objects.order_by("number")] == [[], ["JOE", "Joe"]]
    assert not Export.objects.exists()
    assert Erasure.objects.of(shop).exclude(finished_at=None).count() == 1


@pytest.mark.parametrize("what", ["/export", "/erase"])
def test_nothing_is_done_where_nothing_was_ticked(shop, admin, order, what):
    answer = ask(admin, shop, what, "Jane", typed="Jane")

    assert answer.headers["Location"] == f"/shops/{shop.slug}/customer-data"
    assert not Erasure.objects.exists()
    assert not Export.objects.exists()
