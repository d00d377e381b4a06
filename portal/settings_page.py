"""The room of a shop's settings: what can be set, each with its page."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.access import ShopRequest, shop_page
from shops.models import Role, Shop


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage:
    name: str | Promise
    says: str | Promise
    """What is set there."""
    url_name: str


SETTINGS_PAGES: tuple[SettingsPage, ...] = (
    SettingsPage(
        name=_("Set up"),
        says=_("Step by step from a new shop to its first delivered test parcel."),
        url_name="setup",
    ),
    SettingsPage(
        name=_("Shop"),
        says=_("Its name, time zone, currency and language."),
        url_name="shop_settings",
    ),
    SettingsPage(
        name=_("Members"), says=_("Who works here, and what they may do."), url_name="members"
    ),
    SettingsPage(
        name=_("API keys"), says=_("Which programs may call the API, and as what."), url_name="keys"
    ),
    SettingsPage(
        name=_("Audit"), says=_("What people edited: who, when, and what it was."), url_name="edits"
    ),
    SettingsPage(
        name=_("Tracking page"),
        says=_("How the page looks that your customers see, and what it tells them."),
        url_name="tracking_page",
    ),
    SettingsPage(
        name=_("Feeds"),
        says=_("Where scans come from: aggregators that deliver, carriers that are asked."),
        url_name="feeds",
    ),
    SettingsPage(
        name=_("Webhooks"),
        says=_("Which addresses are called when something happens."),
        url_name="webhooks",
    ),
    SettingsPage(
        name=_("Notices"),
        says=_("Of what customers and staff are told by e-mail, and how late news is old news."),
        url_name="notices",
    ),
    SettingsPage(
        name=_("Another shop"),
        says=_("A further shop of the same organization, with orders and members of its own."),
        url_name="further_shop",
    ),
    SettingsPage(
        name=_("A customer’s data"),
        says=_("What is held of a customer: find it, export it, erase it."),
        url_name="customer_data",
    ),
    SettingsPage(
        name=_("How long data is kept"),
        says=_("What is forgotten by itself, and when."),
        url_name="retention",
    ),
)


@require_safe
@shop_page(Role.ADMIN)
def settings_page(request: ShopRequest, shop: Shop) -> HttpResponse:
    return render(request, "portal/settings.html", {"pages": SETTINGS_PAGES})
