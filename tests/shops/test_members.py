from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shops.errors import KeyOfOtherShops, LastAdmin
from shops.keys import keys_of, revoke_key_of
from shops.members import change_role, members_of, remove_member
from shops.models import Membership, Role
from tests.factories import make_key, make_member, make_shop

pytestmark = pytest.mark.django_db


def membership(shop, role=Role.ADMIN):
    return Membership.objects.get(shop=shop, user=make_member(shop, role))


def test_the_last_admin_stays_one():
    shop = make_shop()
    admin = membership(shop)
    membership(shop, Role.EDITOR)

    with pytest.raises(LastAdmin):
        change_role(admin, Role.EDITOR)
    with pytest.raises(LastAdmin):
        remove_member(admin)


def test_an_admin_who_is_switched_off_does_not_count():
    shop = make_shop()
    admin = membership(shop)
    make_member(shop, is_active=False)

    with pytest.raises(LastAdmin):
        remove_member(admin)


def test_with_another_admin_one_may_leave():
    shop = make_shop()
    admin, other = membership(shop), membership(shop)

    remove_member(admin)

    assert list(members_of(shop)) == [other]


@pytest.mark.django_db(transaction=True)
def test_admins_who_remove_each_other_at_once_leave_one():
    shop = make_shop()
    admins = [membership(shop) for _ in range(4)]

    def leave(admin):
        try:
            remove_member(admin)
        except LastAdmin:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(leave, admins))

    assert members_of(shop).count() == 1


def test_keys_are_those_that_open_the_shop():
    shop, other = make_shop(), make_shop()
    own, _ = make_key(shop)
    make_key(other)
    everywhere, _ = make_key(shop, grants={None: Role.VIEWER})

    assert set(keys_of(shop)) == {own, everywhere}


def test_a_revoked_key_is_listed_no_more():
    shop = make_shop()
    key, _ = make_key(shop)

    revoke_key_of(shop, key)

    assert not keys_of(shop).exists()


def test_a_key_of_other_shops_is_not_one_shops_to_revoke():
    shop = make_shop()
    key, _ = make_key(shop, grants={None: Role.VIEWER})

    with pytest.raises(KeyOfOtherShops):
        revoke_key_of(shop, key)
