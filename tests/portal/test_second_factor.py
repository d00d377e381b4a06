import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from karla_portal.celery import app
from portal.people.edits import EditFilters
from tests.factories import PASSWORD, make_member, make_shop

pytestmark = pytest.mark.django_db

AUTHENTICATE = "/account/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def forgotten_limits():
    """Those of allauth lie in the cache, by account and by address."""
    cache.clear()


@pytest.fixture
def worker_at_hand():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def secret():
    return generate_totp_secret()


@pytest.fixture
def person(secret):
    user = make_member(make_shop())
    TOTP.activate(user, secret)
    return user


def code(secret, *, at=None):
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def log_in(client, user, **more):
    return client.post("/login", {"username": user.email, "password": PASSWORD, **more})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(client, person):
    answer = log_in(client, person)

    assert answer.headers["Location"].startswith(AUTHENTICATE)
    assert not is_logged_in(client)
    assert client.get("/shops").status_code == 302


def test_the_code_opens_the_page_that_was_asked_for(client, person, secret):
    log_in(client, person, next="/shops")

    answer = client.post(AUTHENTICATE, {"code": code(secret)})

    assert answer.headers["Location"] == "/shops"
    assert is_logged_in(client)


def test_a_wrong_code_lets_nobody_in(client, person, secret):
    log_in(client, person)
    wrong = "000000" if code(secret) != "000000" else "111111"

    answer = client.post(AUTHENTICATE, {"code": wrong})

    assert "Incorrect code" in answer.content.decode()
    assert not is_logged_in(client)


def test_codes_cannot_be_guessed(client, person):
    log_in(client, person)

    answers = [client.post(AUTHENTICATE, {"code": f"{n:06}"}) for n in range(12)]

    assert "Too many" in answers[-1].content.decode()
    assert not is_logged_in(client)


def test_a_code_works_once(person, secret):
    now = code(secret)
    first, second = Client(), Client()
    log_in(first, person)
    log_in(second, person)
    first.post(AUTHENTICATE, {"code": now})

    second.post(AUTHENTICATE, {"code": now})

    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_a_recovery_code_opens_once(person):
    [one, *_rest] = RecoveryCodes.activate(person).get_unused_codes()
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, person)
        client.post(AUTHENTICATE, {"code": one})

    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_secrets_lie_encrypted(person, secret):
    stored = Authenticator.objects.get(user=person).data["secret"]

    assert secret not in stored


def test_a_second_factor_is_set_up_after_the_password_was_said_again(client):
    user = make_member(make_shop())
    client.force_login(user)
    activate = "/account/second-factor/totp/activate/"
    confirm = client.get(activate).headers["Location"]
    client.post(confirm, {"password": PASSWORD})
    page = client.get(activate).content.decode()
    shown = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page).group(1)

    client.post(activate, {"code": code(shown)})

    assert confirm.startswith("/account/confirm")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


@pytest.mark.parametrize(
    "page",
    [
        "/account/second-factor/",
        "/account/second-factor/totp/activate/",
        "/account/second-factor/webauthn/add/",
        "/account/sessions",
        "/account/password/forgotten",
        "/account/confirm",
    ],
)
def test_every_page_of_the_account_is_drawn(client, page):
    log_in(client, make_member(make_shop()))

    answer = client.get(page, follow=True)

    assert answer.status_code == 200
    assert "<style" not in answer.content.decode()


def test_other_browsers_are_logged_out(client, rf):
    shop = make_shop()
    user = make_member(shop)
    elsewhere = Client()
    log_in(elsewhere, user)
    log_in(client, user)

    client.post("/account/sessions")

    assert client.get("/shops").status_code == 200
    assert elsewhere.get("/shops").status_code == 302
    assert "session" in EditFilters(rf.get("/").GET, shop=shop).found.get().changes_dict


def test_one_browser_is_logged_out_and_no_other(client, rf):
    shop = make_shop()
    user, someone = make_member(shop), make_member(shop)
    elsewhere, further, strangers = Client(headers={"User-Agent": "Lost phone"}), Client(), Client()
    for browser in (elsewhere, further, client):
        log_in(browser, user)
    log_in(strangers, someone)
    lost = UserSession.objects.get(session_key=elsewhere.session.session_key)
    here = UserSession.objects.get(session_key=client.session.session_key)
    end = f'action="/account/sessions/{lost.id}/end"'

    assert client.get("/account/sessions").content.decode().count("/end") == 2
    assert end in client.get("/account/sessions").content.decode()
    assert client.get(f"/account/sessions/{lost.id}/end").status_code == 405
    assert strangers.post(f"/account/sessions/{lost.id}/end").status_code == 404
    assert client.post(f"/account/sessions/{here.id}/end").status_code == 404
    assert not EditFilters(rf.get("/").GET, shop=shop).found.exists()
    client.post(f"/account/sessions/{lost.id}/end")

    assert elsewhere.get("/shops").status_code == 302
    assert {one.get("/shops").status_code for one in (client, further, strangers)} == {200}
    edit = EditFilters(rf.get("/").GET, shop=shop).found.get()
    assert edit.actor == user
    assert edit.changes_dict == {"session": ["127.0.0.1 (Lost phone)", ""]}


def test_a_forgotten_password_is_renewed_by_mail_and_stands_in_the_audit(
    client, settings, worker_at_hand, rf
):
    shop = make_shop()
    user = make_member(shop)

    client.post("/account/password/forgotten", {"email": user.email})
    link = re.search(rf"{settings.BASE_URL}(/account/password/new/\S+)", mail.outbox[0].body).group(
        1
    )
    form = client.get(link, follow=True)
    new = "an entirely new phrase"
    renewed = client.post(
        form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True
    )

    assert 'href="/login"' in renewed.content.decode()
    user.refresh_from_db()
    assert user.check_password(new)
    edit = EditFilters(rf.get("/").GET, shop=shop).found.get()
    assert (edit.actor, edit.remote_addr) == (user, "127.0.0.1")
    assert edit.changes_dict == {"password": ["", "a new one"]}
    assert client.get(link, follow=True).context["token_fail"]


def test_a_mail_says_nothing_of_the_host_that_asked_for_it(client, settings, worker_at_hand):
    settings.BASE_URL = "https://portal.example"
    user = make_member(make_shop())

    for host in ("localhost:1337", "testserver:1337"):
        client.post("/account/password/forgotten", {"email": user.email}, HTTP_HOST=host)

    for sent in mail.outbox:
        assert "https://portal.example/account/password/new/" in sent.body
        assert "1337" not in sent.body


def test_a_renewed_password_opens_nothing_without_the_second_factor(
    client, person, settings, worker_at_hand
):
    elsewhere = Client()
    elsewhere.force_login(person)

    client.post("/account/password/forgotten", {"email": person.email})
    link = re.search(rf"{settings.BASE_URL}(/account/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    new = "an entirely new phrase"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert not is_logged_in(client)
    assert elsewhere.get("/shops").status_code == 302
    client.post("/login", {"username": person.email, "password": new})
    assert not is_logged_in(client)


def test_people_hear_of_what_changes_at_their_door(client, person, worker_at_hand):
    client.force_login(person)
    new = "an entirely new phrase"
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    client.post("/password", said)
    client.post("/account/confirm", {"password": new})
    client.post("/account/second-factor/totp/deactivate/")

    assert [sent.to for sent in mail.outbox] == [[person.email]] * 2
    assert "password" in mail.outbox[0].subject.lower()
    assert "Authenticator" in mail.outbox[1].subject


def test_nobody_learns_who_has_an_account(client, worker_at_hand):
    known = make_member(make_shop())

    answers = [
        client.post("/account/password/forgotten", {"email": email}, follow=True)
        for email in (known.email, "nobody@example.com")
    ]

    assert answers[0].content == answers[1].content
    assert [sent.to for sent in mail.outbox] == [[known.email]]
