import io
import json
import re
import stat

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from orders.models import Order
from seeding.demo import ORDERS
from shops.keys import find_access
from shops.models import Membership, Role, Shop, User
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = "http://localhost:8123"
    return tmp_path


def demo(*options: str) -> str:
    stdout = io.StringIO()
    call_command("demo", *options, stdout=stdout)
    return stdout.getvalue()


def key_in(said: str) -> str:
    return re.search(r"curl -u 'demo:([^']+)'", said)[1]


def password_in(said: str, email: str) -> str:
    return re.search(rf"{email} +(\S+)", said)[1]


def test_the_banner_says_where_each_log_in_leads():
    said = demo()

    assert re.search(r"merchant@\S+ +\S+ +merchant\n", said)
    assert re.search(r"admin@\S+ +\S+ +staff, at /admin/\n", said)


def test_the_first_start_makes_a_shop_with_orders():
    demo("--load")

    shop = Shop.objects.get()
    assert (shop.slug, shop.organization.name) == ("demo", "Demo")
    assert Order.objects.of(shop).count() == ORDERS


def test_what_is_printed_lets_one_in(rf):
    said = demo("--no-orders")

    access = find_access(username="demo", secret=key_in(said), slug="demo")
    assert access.role == Role.ADMIN
    for email, is_staff in (("merchant@example.com", False), ("admin@example.com", True)):
        password = password_in(said, email)
        user = authenticate(rf.post("/login"), username=email, password=password)
        assert (user.is_staff, user.is_superuser) == (is_staff, is_staff)
    assert Membership.objects.get().role == Role.ADMIN
    assert "'http://localhost:8123/v1/shops/demo/orders?per_page=1'" in said


def test_the_second_start_prints_the_same_and_writes_nothing(django_assert_max_num_queries):
    first = demo("--no-orders")

    with django_assert_max_num_queries(12):
        second = demo()

    assert second == first
    assert not Order.objects.exists()


def test_passwords_are_for_the_owners_eyes_only(data_dir):
    demo("--no-orders")

    assert stat.S_IMODE((data_dir / "demo.json").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["demo.json"]


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"database": 1, "staff": 2}'])
def test_where_the_file_is_lost_everything_is_issued_anew_and_said_so(rf, data_dir, content):
    first = demo("--no-orders")
    (data_dir / "demo.json").unlink()
    if content is not None:
        (data_dir / "demo.json").write_text(content)

    second = demo()

    assert "demo.json was lost" in second
    assert "demo.json was lost" not in demo()
    assert find_access(username="demo", secret=key_in(first), slug="demo") is None
    assert find_access(username="demo", secret=key_in(second), slug="demo") is not None
    password = password_in(second, "admin@example.com")
    assert authenticate(rf.post("/login"), username="admin@example.com", password=password)
    assert (Shop.objects.count(), User.objects.count()) == (1, 2)


def test_a_demo_shop_that_was_removed_stays_away():
    demo("--no-orders")
    Shop.objects.get().organization.api_keys.all().delete()
    Shop.objects.all().delete()
    User.objects.all().delete()

    said = demo()

    assert not Shop.objects.exists()
    assert said.split() == ["The", "portal", "http://localhost:8123/"]


def test_a_database_with_another_shop_is_left_alone(data_dir):
    make_shop(slug="north")

    said = demo()

    assert [shop.slug for shop in Shop.objects.all()] == ["north"]
    assert said.split() == ["The", "portal", "http://localhost:8123/"]
    assert not (data_dir / "demo.json").exists()


def test_a_file_of_another_database_does_not_count(data_dir):
    demo("--no-orders", "--load")
    kept = json.loads((data_dir / "demo.json").read_text())
    Shop.objects.get().organization.api_keys.all().delete()
    Shop.objects.all().delete()
    User.objects.all().delete()
    (data_dir / "demo.json").write_text(json.dumps({**kept, "database": "another"}))

    demo("--no-orders", "--load")

    assert Shop.objects.get().slug == "demo"


def test_a_password_that_was_changed_is_not_printed():
    first = demo("--no-orders")
    merchant = User.objects.get(email="merchant@example.com")
    merchant.set_password("another one entirely")
    merchant.save()
    User.objects.get(email="admin@example.com").delete()

    said = demo()

    assert password_in(first, "merchant@example.com") not in said
    assert "(changed since)" in said
    assert "admin@example.com" not in said


def test_it_loads_or_prints_alone():
    assert demo("--load", "--no-orders") == ""
    before = Shop.objects.get()

    assert "curl" in demo("--print")
    assert Shop.objects.get() == before


def test_printing_makes_nothing():
    demo("--print")

    assert not Shop.objects.exists()
