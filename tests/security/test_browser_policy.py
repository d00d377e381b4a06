"""What browsers are told of every kind of answer: pages, programs' answers, files, refusals."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.templatetags.static import static
from django.test import Client

from karla_portal.embedded.environment import PROJECT
from tests.api import ShopClient
from tests.factories import make_member, make_shop, place
from tests.tracking.pages import page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def over_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def answers():
    """Each kind of answer there is, by its address."""
    shop = make_shop(slug="walked")
    order = place(shop)
    program = ShopClient(shop)
    somebody = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    member = Client(SERVER_NAME="localhost")
    member.force_login(make_member(shop))
    staff = Client(SERVER_NAME="localhost")
    staff.force_login(get_user_model().objects.create_superuser("s@example.com", "x"))
    yield (
        "api",
        program.client.get("/v1/shops/walked/orders", headers=program.headers, secure=True),
        200,
    )
    yield "api: no key", somebody.get("/v1/shops/walked/orders", secure=True), 401
    yield "api: nowhere", somebody.get("/v1/nowhere", secure=True), 404
    for path in ("/v1/docs", "/v1/schema", "/login", "/healthz", "/readyz"):
        yield path, somebody.get(path, secure=True), 200
    yield "metrics", somebody.get("/metrics", secure=True), 404
    yield "redirect to log in", somebody.get("/shops", secure=True), 302
    yield "redirect to https", somebody.get("/login"), 301
    yield "csrf", somebody.post("/login", secure=True), 403
    yield "nowhere", somebody.get("/nowhere/at/all", secure=True), 404
    yield "portal", member.get("/shops/walked/orders", secure=True), 200
    yield "account", member.get("/account/sessions", secure=True), 200
    yield "admin", staff.get("/admin/", secure=True), 200
    yield "admin: forbidden", member.get("/admin/", secure=True, follow=False), 302
    yield "tracking", somebody.get(page_url(order), secure=True), 200
    yield "tracking: nowhere", somebody.get("/t/walked/nothing", secure=True), 404
    yield "static", somebody.head(static("css/tokens.css"), secure=True), 200


@pytest.mark.usefixtures("over_https")
def test_every_answer_says_what_browsers_may_do():
    seen = set()
    for name, answer, status in answers():
        headers = answer.headers
        assert answer.status_code == status, name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        if name != "redirect to https":  # where browsers ignore it
            assert headers["Strict-Transport-Security"].startswith("max-age=31536000; incl"), name
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert "camera=()" in headers["Permissions-Policy"], name
        assert "Access-Control-Allow-Origin" not in headers or name == "static", name
        if name != "static":
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, name
            assert "base-uri 'none'" in policy, name
            assert re.search(r"frame-ancestors '(none|self)'", policy), name
            assert "unsafe" not in policy, name
            assert re.search("no-store|no-cache|private", headers["Cache-Control"]), name
        seen.add(name)
    assert len(seen) > 15


@pytest.mark.usefixtures("over_https")
def test_pages_that_name_people_are_not_kept():
    for name, answer, _ in answers():
        if name in {"portal", "account", "admin", "login"}:
            assert "no-store" in answer.headers["Cache-Control"], name


@pytest.mark.usefixtures("over_https")
def test_every_cookie_is_secure_closed_to_scripts_and_of_the_same_site(client):
    shop = make_shop(slug="walked")
    person = make_member(shop)
    client.get("/login", secure=True)
    client.force_login(person)
    client.get("/shops/walked/orders", secure=True)
    client.get("/shops/walked/orders?order_number=1", secure=True)

    assert len(client.cookies) >= 3
    for name, cookie in client.cookies.items():
        if name != "sessionid":  # force_login's own, which no answer has set
            assert cookie["secure"], name
            assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"} or name == "sessionid", name


def test_a_base_url_with_https_turns_everything_on():
    asked = (
        "SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS"
        " SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE STAFF_NEED_SECOND_FACTOR SESSION_COOKIE_NAME"
        " CSRF_COOKIE_NAME SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE DEBUG"
    )
    script = (
        "import django, json; django.setup(); from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in '{asked}'.split()}}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={
            **os.environ,
            "BASE_URL": "https://shop.example",
            "DJANGO_SETTINGS_MODULE": "karla_portal.settings",
        },
        capture_output=True,
        check=True,
    ).stdout
    assert json.loads(said) == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "STAFF_NEED_SECOND_FACTOR": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "DEBUG": False,
    }
