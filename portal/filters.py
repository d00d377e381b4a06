"""What the list of orders can be narrowed to, and where it is opened; the URL holds all of it."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.api.paging import Cursor, CursorField
from orders.models import Order, OrderQuerySet
from orders.states import OrderState
from portal.search import search_orders
from shops.models import Shop


class PlaceForm(forms.Form):
    """Where in the list a page begins, or ends."""

    after = CursorField(required=False, max_length=200)
    before = CursorField(required=False, max_length=200)


class OrderFilters(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    state = django_filters.ChoiceFilter(choices=OrderState.choices, label=_("State"))

    def __init__(self, said: QueryDict, *, shop: Shop) -> None:
        super().__init__(said, queryset=Order.objects.of(shop))
        self.shop = shop
        self.place = PlaceForm(said)

    def search(self, orders: OrderQuerySet, name: str, words: str) -> OrderQuerySet:
        return search_orders(orders, self.shop, words)

    @property
    def makes_sense(self) -> bool:
        return bool(self.is_valid() and self.place.is_valid())

    @property
    def found(self) -> OrderQuerySet:
        """What was asked for; nothing where the question makes no sense, never everything."""
        found: OrderQuerySet = self.qs if self.makes_sense else self.queryset.none()
        return found

    @property
    def words(self) -> str:
        """As typed, also where they could not be searched for."""
        return str(self.data.get("q", "")).replace("\x00", "")

    @property
    def chosen_state(self) -> str:
        return str(self.form.cleaned_data["state"]) if self.is_valid() else ""

    @property
    def query(self) -> str:
        """The query string of the list's first page, without what was left empty."""
        said = {"q": self.words, "state": self.chosen_state}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def after(self) -> Cursor | None:
        return self._place("after")

    @property
    def before(self) -> Cursor | None:
        return self._place("before")

    def _place(self, name: str) -> Cursor | None:
        return self.place.cleaned_data.get(name) if self.place.is_valid() else None
