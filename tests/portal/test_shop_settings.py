import pytest
from auditlog.models import LogEntry

from shops.models import Role, Shop
from tests.factories import make_shop
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

SAID = {"name": "New", "timezone": "Asia/Tokyo", "currency": "JPY", "language": "de"}


def test_an_admin_changes_what_a_shop_is_and_the_audit_has_it():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    client.post(f"/shops/{shop.slug}/settings/shop", {**SAID, "slug": "other"})

    changed = Shop.objects.get(id=shop.id)
    assert {name: getattr(changed, name) for name in SAID} == SAID
    assert changed.slug == shop.slug
    assert "Asia/Tokyo" in text_of(client.get(f"/shops/{shop.slug}/audit"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"name": ""},
        *({"currency": code} for code in ("XX", "XXX", "XTS", "XAU", "DEM")),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    answer = client.post(f"/shops/{shop.slug}/settings/shop", {**SAID, **wrong})

    assert answer.status_code == 422
    assert Shop.objects.get(id=shop.id).name == shop.name
    assert not LogEntry.objects.filter(object_pk=str(shop.id), action=1).exists()
