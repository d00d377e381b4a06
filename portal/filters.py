"""What the list of orders can be narrowed to and sorted by; the URL holds all of it."""

from datetime import date

import django_filters
from django import forms
from django.db.models import TextChoices
from django.db.models.fields.json import KT
from django.db.models.functions import Upper
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderQuerySet
from orders.segments import few_in_segment
from orders.states import OrderState
from portal.country_field import CountryFilter
from portal.list_filters import (
    ListFilters,
    columns_filter,
    day_begins,
    day_ends,
    day_filter,
)
from portal.paging import NEWEST_ORDERS, Sorting
from portal.search import search_orders
from shops.models import Shop


class Sort(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


class OrderFilters(ListFilters):
    chips = "state"
    days = ("placed_from", "placed_to")
    usual_sort = Sort.NEWEST

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    state = django_filters.ChoiceFilter(choices=OrderState.choices, label=_("State"))
    country_code = CountryFilter(method="to_country", label=_("Country"))
    segment = django_filters.CharFilter(
        method="in_segment",
        label=_("Segment"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    placed_from = day_filter("since", _("Placed from"))
    placed_to = day_filter("until", _("Placed to"))
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="unfiltered", label=_("Sort"), empty_label=None
    )
    columns = columns_filter()

    def __init__(self, said: QueryDict, *, shop: Shop) -> None:
        super().__init__(said, queryset=Order.objects.of(shop))
        self.shop = shop

    def search(self, orders: OrderQuerySet, name: str, words: str) -> OrderQuerySet:
        return search_orders(orders, self.shop, words)

    def to_country(self, orders: OrderQuerySet, name: str, code: str) -> OrderQuerySet:
        country = Upper(KT("address__country_code"))
        return orders.alias(country=country).filter(country=code)

    def in_segment(self, orders: OrderQuerySet, name: str, said: str) -> OrderQuerySet:
        few = few_in_segment(self.shop, said)
        found = orders if few is None else orders.filter(id__in=few)
        return found.filter(segments__contains=[said])

    def since(self, orders: OrderQuerySet, name: str, day: date) -> OrderQuerySet:
        return orders.filter(order_placed_at__gte=day_begins(day))

    def until(self, orders: OrderQuerySet, name: str, day: date) -> OrderQuerySet:
        return orders.filter(order_placed_at__lte=day_ends(day))

    @property
    def sorting(self) -> Sorting:
        return NEWEST_ORDERS.reversed if self.said.get("sort") == Sort.OLDEST else NEWEST_ORDERS
