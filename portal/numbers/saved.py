"""How a view of the numbers is named when it is saved: its part, then what it is of."""

from urllib.parse import parse_qs

from django.http import QueryDict
from django.shortcuts import resolve_url

from portal.numbers.rooms import BY_KEY, PARTS
from portal.numbers.scope import Scope
from shops.models import Shop


def view_query(part: str, scope: Scope) -> str:
    return f"part={part}&{scope.query}".rstrip("&")


def kept_query(shop: Shop, said: str) -> str:
    """What is kept of a query string; empty where it makes no sense."""
    scope = Scope(QueryDict(said), shop=shop)
    return view_query(_part_of(said), scope) if scope.makes_sense else ""


def view_address(shop: Shop, query: str) -> str:
    page = resolve_url("portal:numbers", slug=shop.slug, part=_part_of(query))
    rest = "&".join(said for said in query.split("&") if not said.startswith("part="))
    return f"{page}?{rest}".rstrip("?")


def _part_of(query: str) -> str:
    said = parse_qs(query).get("part", [""])[0]
    return said if said in BY_KEY else PARTS[0].key
