"""What the inbox can be narrowed to and sorted by; the URL holds all of it."""

import re
from datetime import date

import django_filters
from django.db.models import Q, TextChoices, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimQuerySet, ClaimStatus, Flow, Preference, Reason
from orders.models import Order
from portal.list_filters import ListFilters, day_begins, day_ends, day_filter
from portal.paging import Sorting
from portal.search import search_shipments
from shipments.models import Shipment
from shops.models import Shop, User

REFERENCE = re.compile(r"[0-9A-Fa-f]{8}")
MOST_PARCELS = 200


class Sort(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


class Whose(TextChoices):
    MINE = "mine", _("Mine")
    NOBODYS = "nobodys", _("Nobody’s")
    OTHERS = "others", _("Other people’s")


class ClaimFilters(ListFilters):
    chips = "status"
    days = ("filed_from", "filed_to")
    usual_sort = Sort.NEWEST

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    status = django_filters.ChoiceFilter(choices=ClaimStatus.choices, label=_("State"))
    reason = django_filters.ChoiceFilter(
        choices=Reason.choices, label=_("Reason"), empty_label=_("Any")
    )
    flow = django_filters.ChoiceFilter(choices=Flow.choices, label=_("Flow"), empty_label=_("Any"))
    resolution_preference = django_filters.ChoiceFilter(
        choices=Preference.choices, label=_("Wish"), empty_label=_("Any")
    )
    whose = django_filters.ChoiceFilter(
        choices=Whose.choices, method="by_assignee", label=_("Assigned"), empty_label=_("Any")
    )
    filed_from = day_filter("since", _("Filed from"))
    filed_to = day_filter("until", _("Filed to"))
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="unfiltered", label=_("Sort"), empty_label=None
    )

    def __init__(self, said: QueryDict, *, shop: Shop, person: User) -> None:
        super().__init__(said, queryset=Claim.objects.of(shop).kept())
        self.shop, self.person = shop, person

    def search(self, claims: ClaimQuerySet, name: str, words: str) -> ClaimQuerySet:
        """By what the order is found by, a tracking number, or the claim's own number."""
        orders = Order.objects.of(self.shop).matching(words)
        parcels = search_shipments(Shipment.objects.of(self.shop), self.shop, words)
        numbered = parcels.order_by().values_list("id", flat=True)[:MOST_PARCELS]
        wanted = Q(order__in=orders) | Q(shipment_id__in=list(numbered))
        if REFERENCE.fullmatch(words.strip()):
            claims = claims.alias(id_text=Cast("id", TextField()))
            wanted |= Q(id_text__endswith=words.strip().lower())
        return claims.filter(wanted)

    def by_assignee(self, claims: ClaimQuerySet, name: str, said: str) -> ClaimQuerySet:
        match said:
            case Whose.MINE:
                return claims.filter(assignee=self.person)
            case Whose.NOBODYS:
                return claims.filter(assignee=None)
        return claims.exclude(assignee=None).exclude(assignee=self.person)

    def since(self, claims: ClaimQuerySet, name: str, day: date) -> ClaimQuerySet:
        return claims.filter(created_at__gte=day_begins(day))

    def until(self, claims: ClaimQuerySet, name: str, day: date) -> ClaimQuerySet:
        return claims.filter(created_at__lte=day_ends(day))

    @property
    def sorting(self) -> Sorting:
        return Sorting(by="created_at", is_ascending=self.said.get("sort") == Sort.OLDEST)
