import pytest
from django.test import Client

from tests.factories import PASSWORD, make_member, make_shop
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db

NEW = "staple battery horse correct"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW):
    said = {"old_password": old, "new_password1": new, "new_password2": again}
    return client.post("/password", said, follow=True)


def test_a_person_changes_their_password_and_stays_logged_in(client):
    shop = make_shop()
    user = make_member(shop)
    client.force_login(user)

    response = change(client)

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert response.redirect_chain[-1][0] == f"/shops/{shop.slug}"
    assert "Your password is changed." in text_of(response)
    assert "Your password is changed." not in text_of(client.get("/", follow=True))


def test_the_sessions_of_other_browsers_end(client):
    user = make_member(make_shop())
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(user)

    change(client)

    assert elsewhere.get("/").headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"old": "not the password"}, "entered incorrectly"),
        ({"new": "short", "again": "short"}, "at least 12 characters"),
        ({"again": "something else entirely"}, "match"),
    ],
)
def test_a_wrong_or_weak_password_is_refused_and_named(client, said, words):
    user = make_member(make_shop())
    client.force_login(user)

    response = change(client, **said)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert "field-error" in response.content.decode()
    assert words in text_of(response)


def test_the_account_menu_leads_there(client):
    shop = make_shop()
    client.force_login(make_member(shop))

    page = client.get(f"/shops/{shop.slug}").content.decode()

    assert 'href="/password"' in page
