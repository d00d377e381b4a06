"""How long a log-in lasts, and what else it takes where more is asked."""

import os
import subprocess
import sys

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from common.session_age import BEGAN
from karla_portal.embedded.environment import PROJECT
from tests.factories import make_member, make_shop

pytestmark = pytest.mark.django_db

PAGE = "/shops/aged/orders"


@pytest.fixture
def person():
    return make_member(make_shop(slug="aged"))


def test_a_session_ends_however_busy_it_is(client, person, settings):
    client.force_login(person)
    assert client.get(PAGE).status_code == 200
    session = client.session
    session[BEGAN] -= settings.SESSION_MOST_AGE - 60
    session.save()
    assert client.get(PAGE).status_code == 200

    session = client.session
    session[BEGAN] -= 61
    session.save()

    assert client.get(PAGE).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_time_begins_anew_with_the_next_log_in(client, person, settings):
    client.force_login(person)
    client.get(PAGE)
    session = client.session
    session[BEGAN] -= settings.SESSION_MOST_AGE + 1
    session.save()
    client.get(PAGE)

    client.force_login(person)

    assert client.get(PAGE).status_code == 200


def test_where_members_need_a_second_factor_the_password_opens_no_shop(client, person, settings):
    settings.MEMBERS_NEED_SECOND_FACTOR = True
    client.force_login(person)

    refused = client.get(PAGE)
    assert (refused.status_code, refused["Location"]) == (302, "/account/second-factor/")
    assert client.get(refused["Location"]).status_code in {200, 302}

    TOTP.activate(person, generate_totp_secret())
    assert client.get(PAGE).status_code == 200


def test_the_back_office_may_be_elsewhere():
    script = (
        "import django; django.setup(); from django.urls import resolve, reverse;"
        "print(reverse('admin:index'), resolve('/engine-room/').view_name,"
        " resolve('/admin/').app_names == ['admin'])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={
            **os.environ,
            "ADMIN_PATH": "/engine-room/",
            "DJANGO_SETTINGS_MODULE": "karla_portal.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said == ["/engine-room/", "admin:index", "False"]
