"""What every page's frame needs; nothing here asks the database before a template does."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.menu import menu_of, room_of
from portal.numbers.attention import count_waiting
from portal.theme import Theme, theme_of
from shops.models import Membership, Role, Shop, User
from webhooks.notices import disabled_webhooks

MOST_NOTICES = 3
MOST_SWITCHES = 15
"""Shops in the switcher; who has more finds the others on the page of all shops."""


def frame(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"theme": theme_of(request), "themes": Theme}
    member: Membership | None = getattr(request, "member", None)
    visit = context["visit"] = getattr(request, "visit", None)
    if member is not None:
        context["member"] = member
        context["shop"] = member.shop
        context["room"] = room_of(request.path).key
        context["menu"] = SimpleLazyObject(lambda: menu_of(member, count_waiting(member).of_room))
        if member.role == Role.ADMIN:
            context["switched_off"] = SimpleLazyObject(
                lambda: list(disabled_webhooks(member.shop)[:MOST_NOTICES])
            )
        context["switches"] = SimpleLazyObject(
            lambda: (
                []
                if visit
                else [
                    shop
                    for shop in shops_of(member.user)[: MOST_SWITCHES + 1]
                    if shop != member.shop
                ][:MOST_SWITCHES]
            )
        )
    return context


def shops_of(user: User) -> QuerySet[Shop]:
    return Shop.objects.filter(memberships__user=user).order_by("name", "slug")
