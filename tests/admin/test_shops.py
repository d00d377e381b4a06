"""Organizations, shops, people and API keys in the back office."""

import re

import pytest
from auditlog.models import LogEntry
from django.test import Client

from shops.keys import digest_of, find_access
from shops.models import ApiKey, ApiKeyGrant, Membership, Organization, Role, Shop, User
from tests.admin.pages import act, change_url, edit, errors_of, filled, messages_of
from tests.factories import PASSWORD, make_key, make_member, make_organization, make_shop

pytestmark = pytest.mark.django_db

NO_GRANTS = {"grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0"}


def issue(staff: Client, organization: Organization, *shops: Shop | None):
    grants = {
        f"grants-{index}-{name}": value
        for index, shop in enumerate(shops)
        for name, value in (("shop", shop.id if shop else ""), ("role", "editor"))
    }
    return staff.post(
        "/admin/shops/apikey/add/",
        {
            "organization": organization.id,
            "username": "erp",
            "grants-TOTAL_FORMS": len(shops),
            "grants-INITIAL_FORMS": 0,
            **grants,
        },
        follow=True,
    )


def test_a_key_is_shown_once_and_works(staff, superuser):
    shop = make_shop()

    response = issue(staff, shop.organization, shop)

    secret = response.context["secret"]
    assert response.redirect_chain == []
    assert f'<code id="secret">{secret}</code>' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert messages_of(response) == []
    sent = " ".join(f"{cookie}" for cookie in staff.cookies.values())
    assert secret not in sent
    assert "messages" not in staff.cookies
    access = find_access(username="erp", secret=secret, slug=shop.slug)
    assert access is not None
    assert access.role == Role.EDITOR
    key = ApiKey.objects.get()
    again = staff.get(change_url(key)).content.decode()
    assert secret not in again
    assert digest_of(secret) not in again + response.content.decode()
    entries = LogEntry.objects.get_for_object(key)
    assert entries.get().actor == superuser
    assert not LogEntry.objects.filter(changes__icontains=digest_of(secret)).exists()
    assert not LogEntry.objects.filter(changes__icontains=secret).exists()
    assert LogEntry.objects.get_for_object(key.grants.get()).exists()


def test_a_grant_for_another_organizations_shop_is_refused(staff):
    shop, other = make_shop(), make_shop()

    response = issue(staff, shop.organization, other)

    assert "belongs to another organization" in errors_of(response)
    assert not ApiKey.objects.exists()


def test_the_same_grant_twice_is_refused(staff):
    shop = make_shop()

    assert "already" in errors_of(issue(staff, shop.organization, None, None))
    assert "duplicate" in errors_of(issue(staff, shop.organization, shop, shop))
    assert not ApiKey.objects.exists()


def test_a_grant_does_not_move_to_another_shop(staff):
    organization = make_organization()
    shop, sibling = make_shop(organization=organization), make_shop(organization=organization)
    key, _ = make_key(shop)

    edit(staff, key, **{"grants-0-shop": str(sibling.id), "grants-0-role": "admin"})

    grant = ApiKeyGrant.objects.get(key=key)
    assert (grant.shop, grant.role) == (shop, "admin")
    assert (
        LogEntry.objects.get_for_object(grant)
        .filter(changes={"role": ["editor", "admin"]})
        .exists()
    )


def test_a_key_keeps_its_organization_user_name_and_digest(staff):
    shop = make_shop()
    key, _ = make_key(shop)

    edit(
        staff,
        key,
        organization=str(make_organization().id),
        username="forged",
        digest=digest_of("known"),
        revoked_at="2026-01-01",
    )

    kept = ApiKey.objects.get(id=key.id)
    assert (kept.organization_id, kept.username) == (key.organization_id, key.username)
    assert (kept.digest, kept.revoked_at) == (key.digest, None)


def test_a_revoked_key_is_locked_out_and_the_audit_says_so(staff, superuser):
    shop = make_shop()
    key, secret = make_key(shop)

    act(staff, [key], "revoke")

    assert find_access(username=shop.slug, secret=secret, slug=shop.slug) is None
    entry = LogEntry.objects.get_for_object(key).latest()
    assert entry.actor == superuser
    assert entry.changes["revoked_at"][0] == "None"


def test_a_user_name_with_a_colon_is_refused(staff):
    shop = make_shop()

    response = staff.post(
        "/admin/shops/apikey/add/",
        {"organization": shop.organization_id, "username": "a:b", **NO_GRANTS},
    )

    assert "colon" in errors_of(response)


def test_a_person_is_added_with_an_address_and_logs_in(staff):
    response = staff.post(
        "/admin/shops/user/add/",
        {
            "email": "Grace@Example.COM",
            "name": "Grace",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert response.status_code == 302, errors_of(response)
    person = User.objects.get(email="Grace@example.com")
    assert person.check_password(PASSWORD)
    assert not person.is_staff
    created = LogEntry.objects.get_for_object(person).get()
    assert person.password not in str(created.changes)


def test_an_address_is_taken_whatever_its_capitals(staff):
    person = make_member(make_shop(), email="grace@example.com")

    added = staff.post(
        "/admin/shops/user/add/",
        {"email": "GRACE@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    changed = edit(staff, make_member(make_shop()), email="GRACE@example.com")

    assert "taken" in errors_of(added)
    assert "taken" in errors_of(changed)
    assert User.objects.filter(email__iexact=person.email).count() == 1


def test_a_password_is_changed_and_its_value_is_masked(staff):
    person = make_member(make_shop())

    response = staff.post(
        f"/admin/shops/user/{person.id}/password/",
        {"password1": "another horse battery", "password2": "another horse battery"},
    )

    assert response.status_code == 302
    person.refresh_from_db()
    assert person.check_password("another horse battery")
    entry = LogEntry.objects.get_for_object(person).latest()
    assert entry.changes["password"] == ["•••", "•••"]


def test_a_membership_changes_its_role_but_not_its_shop(staff, superuser):
    shop, other = make_shop(), make_shop()
    person = make_member(shop, role=Role.VIEWER)

    edit(staff, person, **{"memberships-0-role": "admin", "memberships-0-shop": str(other.id)})

    membership = Membership.objects.get(user=person)
    assert (membership.shop, membership.role) == (shop, "admin")
    entry = LogEntry.objects.get_for_object(membership).latest()
    assert entry.changes == {"role": ["viewer", "admin"]}
    assert entry.actor == superuser


def test_a_member_is_added_to_a_shop_and_removed(staff):
    shop, person = make_shop(), make_member(make_shop())
    edit(
        staff,
        shop,
        **{
            "memberships-TOTAL_FORMS": "1",
            "memberships-0-user": str(person.id),
            "memberships-0-role": "editor",
        },
    )
    membership = Membership.objects.get(shop=shop)
    assert membership.role == "editor"

    edit(staff, shop, **{"memberships-0-DELETE": "on"})

    assert not Membership.objects.filter(shop=shop).exists()
    assert LogEntry.objects.get_for_object(membership).latest().action == LogEntry.Action.DELETE


def test_a_shop_keeps_its_slug_and_organization(staff):
    shop = make_shop()

    edit(staff, shop, slug="other", organization=str(make_organization().id), name="New name")

    kept = Shop.objects.get(id=shop.id)
    assert (kept.slug, kept.organization_id, kept.name) == (
        shop.slug,
        shop.organization_id,
        "New name",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("currency", "eur"),
        ("currency", "XYZ"),
    ],
)
def test_a_broken_shop_cannot_be_saved(staff, field, value):
    shop = make_shop()

    response = edit(staff, shop, **{field: value})

    assert response.status_code == 200
    assert errors_of(response)


def test_a_shop_is_added(staff):
    organization = make_organization()

    response = staff.post(
        "/admin/shops/shop/add/",
        {
            "organization": organization.id,
            "name": "New",
            "slug": "new",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
            "language": "en",
            "stale_after_hours": "4",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    assert response.status_code == 302, errors_of(response)
    assert Shop.objects.get(slug="new").organization == organization


@pytest.mark.parametrize("make", [make_organization, make_shop, lambda: make_member(make_shop())])
def test_nothing_that_others_hang_on_is_deleted(staff, make):
    row = make()

    response = staff.post(re.sub("change/$", "delete/", change_url(row)), {"post": "yes"})

    assert response.status_code == 403


def test_somebody_who_may_change_people_does_not_become_a_superuser(staff_who_may, superuser):
    browser = staff_who_may("shops.view_user", "shops.change_user", "shops.add_user")
    person = make_member(make_shop())

    edit(browser, person, name="New", is_staff="on", is_superuser="on")
    taken_over = browser.post(
        f"/admin/shops/user/{superuser.id}/password/",
        {"password1": "another horse battery", "password2": "another horse battery"},
    )

    person.refresh_from_db()
    assert (person.name, person.is_staff, person.is_superuser) == ("New", False, False)
    assert taken_over.status_code == 403
    assert browser.post(change_url(superuser), {"email": "x@example.com"}).status_code == 403


def test_the_forms_of_people_show_no_password(staff, superuser):
    values = filled(staff, change_url(superuser), "user_form")

    assert "password" not in values
