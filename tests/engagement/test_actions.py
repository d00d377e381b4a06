import pytest

from engagement.actions import record_action
from engagement.models import ActionKind, PageAction
from engagement.robots import is_robot
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db


def test_the_same_again_is_counted_in_one_row():
    shop = make_shop()
    order = place(shop)

    for element in ("", "", "carrier_link"):
        record_action(shop, order, kind=ActionKind.OPENED, element=element)

    rows = PageAction.objects.of(shop).order_by("element").values_list("element", "times")
    assert list(rows) == [("", 2), ("carrier_link", 1)]


def test_an_order_of_another_shop_is_passed_over():
    shop = make_shop()

    record_action(shop, place(make_shop()), kind=ActionKind.OPENED)

    assert not PageAction.objects.exists()


PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize("name", [PHONE, CUBOT])
def test_a_browser_is_a_customer(name):
    assert not is_robot({"User-Agent": name})


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "WhatsApp/2.23.20.0 A",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "curl/8.5.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36",
    ],
)
def test_what_names_itself_a_program_is_none(name):
    assert is_robot({"User-Agent": name})


def test_a_browser_that_fetches_ahead_is_none_yet():
    assert is_robot({"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"})
