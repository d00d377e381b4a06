import pytest
from django.test import Client

from shops.models import Role, User
from tests.factories import PASSWORD, make_member, make_shop
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db

WRONG = "not the password"


def log_in(client: Client, email: str, password: str = PASSWORD, address="127.0.0.1", **fields):
    said = {"username": email, "password": password, **fields}
    return client.post("/login", said, REMOTE_ADDR=address)


def test_a_member_gets_in_with_the_address_in_any_case(client):
    user = make_member(make_shop())

    response = log_in(client, user.email.upper())

    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_one_comes_back_to_the_page_one_wanted(client):
    shop = make_shop()
    user = make_member(shop)

    response = log_in(client, user.email, next=f"/shops/{shop.slug}/orders")

    assert response.headers["Location"] == f"/shops/{shop.slug}/orders"


def test_who_sent_a_form_too_late_is_told_and_comes_back_to_it(client):
    shop = make_shop()
    form = f"http://testserver/shops/{shop.slug}/orders/new?from=list"

    asked = client.post(f"/shops/{shop.slug}/orders/new", headers={"Referer": form})
    strange = client.post("/shops/x/orders/new", headers={"Referer": "https://evil.example/a"})

    assert asked.url == f"/login?next=/shops/{shop.slug}/orders/new%3Ffrom%3Dlist"
    assert "nothing was done" in text_of(client.get(asked.url))
    assert strange.url == "/login?next=/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:a"])
def test_nobody_is_led_elsewhere(client, elsewhere):
    response = log_in(client, make_member(make_shop()).email, next=elsewhere)

    assert response.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_account_look_the_same(client):
    user = make_member(make_shop())

    wrong = text_of(log_in(client, user.email, WRONG))
    unknown = text_of(log_in(client, "nobody@example.com", WRONG))

    assert "The e-mail address or the password is wrong." in wrong
    assert wrong == unknown


def test_empty_fields_are_named(client):
    page = text_of(client.post("/login", {}))

    assert "Enter your e-mail address." in page
    assert "Enter your password." in page


def test_the_fifth_wrong_password_locks_the_account_from_this_address(client):
    user = make_member(make_shop())

    statuses = [log_in(client, user.email, WRONG).status_code for _ in range(5)]
    locked = log_in(client, user.email)
    from_elsewhere = log_in(Client(), user.email, address="192.0.2.7")

    assert statuses == [200, 200, 200, 200, 429]
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert "opens again after 15 minutes without a try" in text_of(locked)
    assert "/account/password/forgotten" in locked.content.decode()
    assert from_elsewhere.status_code == 302


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda email: email.replace("s", "ſ")])
def test_other_spellings_of_the_address_bring_no_further_tries(client, spelling):
    user = make_member(make_shop())
    for _ in range(5):
        log_in(client, user.email, WRONG)

    assert log_in(client, spelling(user.email)).status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_few_tries_at_each_of_many_accounts_are_stopped(client):
    user = make_member(make_shop())
    for number in range(20):
        log_in(client, f"somebody-{number}@example.com", WRONG)

    response = log_in(client, user.email)

    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    assert log_in(Client(), user.email, address="192.0.2.7").status_code == 302


def test_who_is_switched_off_is_told_so_only_with_the_right_password(client):
    user = make_member(make_shop(), is_active=False)

    wrong = log_in(client, user.email, WRONG)
    right = log_in(client, user.email)

    assert "switched off" not in text_of(wrong)
    assert (right.status_code, "switched off" in text_of(right)) == (403, True)
    assert "_auth_user_id" not in client.session


def test_switching_an_account_off_ends_its_sessions(client):
    shop = make_shop()
    user = make_member(shop)
    log_in(client, user.email)
    User.objects.filter(id=user.id).update(is_active=False)

    response = client.get(f"/shops/{shop.slug}/orders")

    assert response.headers["Location"].startswith("/login?")


def test_who_is_a_member_of_no_shop_is_told_what_to_do(client):
    User.objects.create_user("new@example.com", PASSWORD)

    response = client.post(
        "/login", {"username": "new@example.com", "password": PASSWORD}, follow=True
    )

    assert response.status_code == 403
    assert "You are not a member of any shop" in text_of(response)


def test_logging_out_takes_a_form(client):
    user = make_member(make_shop())
    log_in(client, user.email)

    assert client.get("/logout").status_code == 405
    assert client.post("/logout").headers["Location"] == "/login"
    assert "_auth_user_id" not in client.session


def test_a_log_in_without_the_token_of_the_form_is_refused():
    client = Client(enforce_csrf_checks=True)

    response = log_in(client, make_member(make_shop()).email)

    assert response.status_code == 403
    assert "This page was open for too long" in text_of(response)


def test_home_is_the_only_shop_of_a_person(client):
    shop = make_shop()
    client.force_login(make_member(shop, Role.VIEWER))

    assert client.get("/").headers["Location"] == f"/shops/{shop.slug}"
