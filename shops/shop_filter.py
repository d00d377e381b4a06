"""Choosing a shop beside a list of the back office."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.back_office import uuid_or_none
from shops.models import Shop

MOST_SHOPS = 50


class ShopFilter(admin.SimpleListFilter):
    """The first MOST_SHOPS shops by name; the page of any shop leads to its own lists as well."""

    title = "shop"
    parameter_name = "shop"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        shops = list(Shop.objects.order_by("name")[:MOST_SHOPS])
        chosen = self.shop_id()
        if chosen and chosen not in {shop.id for shop in shops}:
            shops += Shop.objects.filter(id=chosen)
        return [(str(shop.id), shop.name) for shop in shops]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.value():
            return queryset
        chosen = self.shop_id()
        return queryset.filter(shop=chosen) if chosen else queryset.none()

    def shop_id(self) -> UUID | None:
        return uuid_or_none(self.value())
