"""What an admin does leaves a line in the audit of the shop, and never a secret."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from auditlog.models import LogEntry
from django.core.cache import cache
from django.test import Client

from portal.people.edits import EditFilters
from shops.invitations import invite
from shops.models import Membership, Role, Shop, User
from tests.factories import PASSWORD, make_key, make_member, make_shop
from tests.webhooks.conftest import loopback_allowed
from webhooks.services import create_webhook

__all__ = ["loopback_allowed"]

SECRET = "a secret that nobody reads"
HOOK = "http://127.0.0.1:9/hook"
FACTOR = "/account/second-factor/totp"


@dataclass(frozen=True, kw_only=True)
class World:
    shop: Shop
    boss: User
    client: Client

    def post(self, path: str, **said: str) -> None:
        answer = self.client.post(f"/shops/{self.shop.slug}/{path}", said)
        assert answer.status_code in (200, 302), answer

    def hook(self, path: str, **said: str) -> None:
        webhook, _ = create_webhook(self.shop, url=HOOK, secret=SECRET)
        self.post(f"webhooks/{webhook.id}/{path}", **said)

    def member(self, path: str, **said: str) -> None:
        new = make_member(self.shop, Role.VIEWER)
        self.post(f"members/{Membership.objects.get(user=new).id}/{path}", **said)


def revoke_key(world: World) -> None:
    world.post(f"keys/{make_key(world.shop)[0].id}/revoke")


def join(world: World) -> None:
    asked = invite(world.shop, email="new@example.com", role=Role.EDITOR, invited_by=world.boss)
    Client().post(f"/invitations/{asked.token}", {"name": "New", "password": PASSWORD})


def second_factor_on(world: World) -> None:
    world.client.post("/account/confirm", {"password": PASSWORD})
    page = world.client.get(f"{FACTOR}/activate/").content.decode()
    shown = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page)
    assert shown is not None
    code = format_hotp_value(hotp_value(shown.group(1), int(time.time()) // 30))
    world.client.post(f"{FACTOR}/activate/", {"code": code})


def second_factor_off(world: World) -> None:
    TOTP.activate(world.boss, generate_totp_secret())
    world.client.post("/account/confirm", {"password": PASSWORD})
    world.client.post(f"{FACTOR}/deactivate/")


def change_password(world: World) -> None:
    chosen = {"new_password1": SECRET, "new_password2": SECRET}
    world.client.post("/password", {"old_password": PASSWORD, **chosen})


POSTS: dict[str, tuple[Callable[[World], None], str]] = {
    "issue a key": (lambda at: at.post("keys", username="till", role="editor"), "grant"),
    "revoke a key": (revoke_key, "API key"),
    "create a webhook": (lambda at: at.post("webhooks/new", url=HOOK, secret=SECRET), "webhook"),
    "switch a webhook": (lambda at: at.hook("switch", status="inactive"), "webhook"),
    "rotate a secret": (lambda at: at.hook("rotate"), "webhook"),
    "delete a webhook": (lambda at: at.hook("delete"), "webhook"),
    "set the target": (lambda at: at.post("delivery-target", days="5", counted="all"), "target"),
    "invite": (lambda at: at.post("members", email="a@example.com", role="viewer"), "invitation"),
    "join": (join, "membership"),
    "change a role": (lambda at: at.member("role", role="editor"), "membership"),
    "remove a member": (lambda at: at.member("remove"), "membership"),
    "change a password": (change_password, "user"),
    "second factor on": (second_factor_on, "user"),
    "second factor off": (second_factor_off, "user"),
}
COMMITTED = {"second factor on"}
"""Those of which is heard when the transaction ends, in the request still."""


@pytest.mark.usefixtures("loopback_allowed")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.django_db(transaction=name in COMMITTED))
        for name in POSTS
    ],
)
def test_what_an_admin_does_is_in_the_shops_audit(name, rf):
    cache.clear()  # limits of allauth
    shop, client = make_shop(), Client()
    boss = make_member(shop, email="boss@example.com")
    client.force_login(boss)
    do, kind = POSTS[name]

    do(World(shop=shop, boss=boss, client=client))

    entries = EditFilters(rf.get("/").GET, shop=shop).found
    assert [one for one in entries if kind in one.content_type.name], entries
    assert {one.actor.email for one in entries} <= {"boss@example.com", "new@example.com"}
    assert {one.remote_addr for one in entries} == {"127.0.0.1"}
    assert SECRET not in json.dumps(list(LogEntry.objects.values("changes", "object_repr")))
