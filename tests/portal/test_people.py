import re

import pytest
from django.test import Client

from shops.errors import MemberNotFound
from shops.invitations import invite
from shops.keys import find_access
from shops.members import change_role, remove_member
from shops.models import ApiKey, Invitation, Membership, Role
from tests.factories import make_key, make_member, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def admin(shop, client):
    client.force_login(make_member(shop))
    return client


def test_an_invitation_is_followed_from_the_page_that_made_it(shop, admin):
    page = admin.post(
        f"/shops/{shop.slug}/members", {"email": "new@example.com", "role": "editor"}
    ).content.decode()
    link = re.search(r"/invitations/[\w-]+", page).group()
    newcomer = Client()

    asked = newcomer.get(link)
    joined = newcomer.post(link, {"name": "New", "password": "a long pass phrase"}, follow=True)

    assert asked.status_code == 200
    assert joined.redirect_chain[0][0] == f"/shops/{shop.slug}"
    assert Membership.objects.get(user__email="new@example.com", shop=shop).role == Role.EDITOR
    assert newcomer.get(link).status_code == 404
    assert "This browser" in newcomer.get("/account/sessions").content.decode()


def test_who_has_an_account_logs_in_first(shop, admin):
    known = make_member(make_shop(), email="known@example.com")
    inviter = shop.memberships.get().user
    token = invite(shop, email=known.email, role=Role.VIEWER, invited_by=inviter).token
    theirs = Client()

    assert theirs.get(f"/invitations/{token}").headers["Location"].startswith("/login?next=")
    theirs.force_login(known)
    joined = theirs.post(f"/invitations/{token}")

    assert joined.headers["Location"] == f"/shops/{shop.slug}"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "too short"),
        ("Kim van der Berg", "too similar to your name or your e-mail address"),
        ("kim.berg@example.com", "too similar to your name or your e-mail address"),
    ],
)
def test_a_weak_password_is_refused_in_words(shop, admin, password, words):
    inviter = shop.memberships.get().user
    token = invite(shop, email="kim.berg@example.com", role=Role.VIEWER, invited_by=inviter).token

    page = Client().post(
        f"/invitations/{token}", {"name": "Kim van der Berg", "password": password}
    )

    assert page.status_code == 422
    assert words in page.content.decode()


@pytest.mark.parametrize("token", ["x", "a" * 300, "%00"])
def test_no_link_is_a_plain_answer(client, token):
    response = client.get(f"/invitations/{token}")

    assert response.status_code == 404
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_last_admin_is_told_why_not(shop, admin):
    own = shop.memberships.get()

    page = admin.post(f"/shops/{shop.slug}/members/{own.id}/remove", follow=True)

    assert "needs an admin" in page.content.decode()
    assert Membership.objects.filter(id=own.id).exists()


def test_members_of_other_shops_are_out_of_reach(shop, admin):
    other = Membership.objects.get(user=make_member(make_shop()))

    response = admin.post(f"/shops/{shop.slug}/members/{other.id}/role", {"role": "viewer"})

    assert response.status_code == 404
    other.refresh_from_db()
    assert other.role == Role.ADMIN


@pytest.mark.parametrize("deed", ["role", "remove"])
def test_who_left_meanwhile_is_changed_no_more(shop, deed):
    membership = Membership.objects.get(user=make_member(shop, Role.VIEWER))
    Membership.objects.all().delete()

    with pytest.raises(MemberNotFound):
        change_role(membership, Role.ADMIN) if deed == "role" else remove_member(membership)


def test_an_address_longer_than_any_is_refused(shop, admin):
    said = {"email": f"{'x' * 250}@example.com", "role": "viewer"}

    assert admin.post(f"/shops/{shop.slug}/members", said).status_code == 422


def test_an_invitation_is_withdrawn(shop, admin):
    inviter = shop.memberships.get().user
    asked = invite(shop, email="n@example.com", role=Role.VIEWER, invited_by=inviter)

    admin.post(f"/shops/{shop.slug}/invitations/{asked.invitation.id}/withdraw")

    assert not Invitation.objects.exists()


def test_an_issued_key_opens_the_shop_and_is_shown_once(shop, admin):
    page = admin.post(f"/shops/{shop.slug}/keys", {"username": shop.slug, "role": "viewer"})
    secret = re.search(r"<code>([\w-]{43})</code>", page.content.decode()).group(1)

    access = find_access(username=shop.slug, secret=secret, slug=shop.slug)

    assert access.role == Role.VIEWER
    assert secret not in admin.get(f"/shops/{shop.slug}/keys").content.decode()


def test_a_key_ends_with_its_last_day_where_the_shop_is(admin, shop):
    admin.post(
        f"/shops/{shop.slug}/keys",
        {"username": "erp", "role": "viewer", "expires_on": "2099-06-30"},
    )

    assert ApiKey.objects.get().expires_at.isoformat() == "2099-06-30T22:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"username": "a:b", "role": "viewer"}, "colon"),
        ({"username": "erp", "role": "viewer", "expires_on": "2001-01-01"}, "over already"),
        ({"username": "erp", "role": "viewer", "expires_on": "9999-12-31"}, "without an end"),
        ({"username": "erp", "role": "owner"}, "owner"),
        ({"username": "", "role": "viewer"}, "required"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(shop, admin, said, fault):
    response = admin.post(f"/shops/{shop.slug}/keys", said)

    assert response.status_code == 422
    assert fault in response.content.decode()
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing(shop, admin):
    key, secret = make_key(shop)

    admin.post(f"/shops/{shop.slug}/keys/{key.id}/revoke")

    assert find_access(username=shop.slug, secret=secret, slug=shop.slug) is None


@pytest.mark.parametrize("page", ["members", "keys", "settings"])
def test_editors_do_not_see_the_settings(shop, client, page):
    client.force_login(make_member(shop, Role.EDITOR))

    assert client.get(f"/shops/{shop.slug}/{page}").status_code == 403
