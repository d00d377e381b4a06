import io
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from shops.keys import find_access
from shops.models import ApiKey, Membership, Organization, Role, Shop, User
from tests.factories import PASSWORD, make_member, make_organization, make_shop

pytestmark = pytest.mark.django_db


def output_of(*arguments, **options) -> list[str]:
    stdout = io.StringIO()
    call_command(*arguments, **options, stdout=stdout)
    return stdout.getvalue().splitlines()


def test_a_shop_gets_an_organization_of_its_own():
    lines = output_of("createshop", "north", "--name", "North", "--currency", "CHF")

    shop = Shop.objects.get(slug="north")
    assert (shop.name, shop.organization.name, shop.currency) == ("North", "North", "CHF")
    assert (shop.timezone, shop.language) == ("Europe/Berlin", "en")
    assert "“North” (north)" in lines[0]


def test_a_shop_does_not_join_a_strangers_organization_of_the_same_name():
    make_organization(name="North")

    output_of("createshop", "north", "--name", "North")

    assert Shop.objects.get(slug="north").organization.name == "North (north)"


def test_a_named_organization_is_made_once_and_then_shared():
    output_of("createshop", "north", "--organization", "Compass")
    output_of("createshop", "south", "--organization", "Compass")

    assert Organization.objects.get(name="Compass").shops.count() == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["North!"], "Lower-case letters"),
        (["north-"], "Lower-case letters"),
        (["n" * 64], "at most 63"),
        (["north", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["north", "--currency", "euro"], "a code such as EUR"),
        (["north", "--language", "tlh"], "tlh"),
        (["north", "--organization", "x" * 201], "at most 200"),
        (["taken"], "There is a shop “taken” already"),
    ],
)
def test_a_refused_shop_leaves_nothing_behind(arguments, complaint):
    make_shop(slug="taken", organization=make_organization(name="Taken"))

    with pytest.raises(CommandError, match=complaint):
        output_of("createshop", *arguments)

    assert list(Shop.objects.values_list("slug", flat=True)) == ["taken"]
    assert list(Organization.objects.values_list("name", flat=True)) == ["Taken"]


def test_the_key_stands_alone_on_the_last_line_and_opens_the_shop():
    shop = make_shop(slug="north")

    *_, secret = output_of("createapikey", "north")

    access = find_access(username="north", secret=secret, slug="north")
    assert (access.shop, access.role) == (shop, Role.EDITOR)


def test_a_key_for_all_shops_opens_those_of_its_organization_only():
    north = make_shop(slug="north")
    make_shop(slug="south", organization=north.organization)
    make_shop(slug="foreign")

    *_, secret = output_of(
        *("createapikey", "north", "--username", "erp", "--role", "viewer", "--all-shops")
    )

    found = [
        find_access(username="erp", secret=secret, slug=slug).role
        for slug in ("north", "south", "foreign")
    ]
    assert found == [Role.VIEWER, Role.VIEWER, None]


def test_a_key_may_expire():
    make_shop(slug="north")
    tomorrow = timezone.now() + timedelta(days=1)

    *_, secret = output_of("createapikey", "north", "--expires", tomorrow.isoformat())

    assert find_access(username="north", secret=secret, slug="north") is not None
    assert ApiKey.objects.get().expires_at == tomorrow


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "There is no shop “nowhere”"),
        (["north", "--username", "a:b"], "no colon"),
        (["north", "--username", "n" * 64], "at most 63"),
        (["north", "--role", "owner"], "owner"),
        (["north", "--expires", "2020-01-01"], "is past"),
        (["north", "--expires", "soon"], "soon"),
    ],
)
def test_a_refused_key_leaves_nothing_behind(arguments, complaint):
    make_shop(slug="north")

    with pytest.raises(CommandError, match=complaint):
        output_of("createapikey", *arguments)

    assert not ApiKey.objects.exists()


def test_the_first_password_stands_alone_on_the_last_line_and_logs_in(rf):
    shop = make_shop(slug="north")

    *_, password = output_of(
        "createmerchant", "Ada@Example.com", "--shop", "north", "--role", "viewer"
    )

    user = authenticate(rf.post("/login"), username="ada@example.com", password=password)
    assert user is not None
    assert not user.is_staff
    assert Membership.objects.get(user=user, shop=shop).role == Role.VIEWER


def test_somebody_who_has_an_account_gets_the_role_and_keeps_their_password():
    ada = make_member(make_shop(slug="north"), Role.ADMIN, email="ada@example.com")
    make_shop(slug="south")

    lines = output_of("createmerchant", "ADA@example.com", "--shop", "south", "--role", "editor")
    output_of("createmerchant", "ada@example.com", "--shop", "north", "--role", "viewer")

    assert "password stays as it is" in lines[-1]
    roles = dict(Membership.objects.filter(user=ada).values_list("shop__slug", "role"))
    assert roles == {"north": Role.VIEWER, "south": Role.EDITOR}
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_staff_may_enter_the_back_office():
    make_shop(slug="north")

    output_of("createmerchant", "ada@example.com", "--shop", "north", "--staff")

    ada = User.objects.get()
    assert (ada.is_staff, ada.is_superuser) == (True, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ada@example.com", "--shop", "nowhere"], "There is no shop “nowhere”"),
        (["ada", "--shop", "north"], "valid email"),
        (["ada@example.com"], "--shop"),
        (["ada@example.com", "--shop", "north", "--role", "boss"], "boss"),
    ],
)
def test_a_refused_person_leaves_nothing_behind(arguments, complaint):
    make_shop(slug="north")

    with pytest.raises(CommandError, match=complaint):
        output_of("createmerchant", *arguments)

    assert not User.objects.exists()
