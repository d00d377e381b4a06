"""What tests say of pages."""

import re
import time
from html import unescape
from typing import Any

from django.test import Client

from common.session_age import BEGAN
from shops.models import Role, Shop
from tests.factories import make_member


def member_client(shop: Shop, role: Role = Role.VIEWER, **fields: Any) -> Client:
    """A browser in which a new member of the shop is logged in."""
    client = Client()
    client.force_login(make_member(shop, role, **fields))
    note_log_in(client)
    return client


def orders_url(shop: Shop, query: str = "") -> str:
    return f"/shops/{shop.slug}/orders{query}"


def text_of(response: Any) -> str:
    """What a person reads: without tags, each run of white space one space."""
    html = response.content.decode().replace("<wbr>", "")
    html = re.sub(r"<(head|script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def inputs_of(response: Any) -> dict[str, str]:
    """What stands in the page's inputs by their names, ticks aside."""
    inputs = re.findall(r"<input[^>]+>", response.content.decode())
    attributes = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in inputs]
    return {
        one["name"]: unescape(one.get("value", ""))
        for one in attributes
        if "name" in one and one.get("type") != "checkbox"
    }


def numbers_in(response: Any) -> list[str]:
    """The order numbers of the list, in its order."""
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', response.content.decode())


def note_log_in(client: Client) -> None:
    """When the session began, as its first page does it."""
    session = client.session
    session[BEGAN] = time.time()
    session.save()
