"""All pages of the product, told from the URL configuration and the permission matrices.

A page of the portal or of a customer is found by its row in their matrices, without which its URL
fails their tests. Here is what else there is to know: other pages, further states of pages, and
which URLs are none.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db.models import Model
from django.urls import URLPattern, URLResolver, reverse

from claims.models import Claim
from engagement.design import Design
from engagement.preview import Preview, keep_preview
from events.models import Event
from jobs.models import Job
from notices.models import Mail
from notices.unsubscribing import unsubscribe_token
from orders.models import Order
from orders.tracking_link import tracking_token
from portal.numbers.rooms import PARTS
from shipments.models import Shipment
from shops.invitations import invite
from shops.models import Role, Shop, User
from tests.factories import place
from tests.portal.test_permissions import MATRIX as OF_PORTAL
from tests.tracking.test_permissions import MATRIX as OF_TRACKING
from tests.walk.shown import Shown

NO_PAGES_OF_CUSTOMERS = {"design_style", "preview_style", "arrival"}
"""Files that belong to pages."""
FILES = (".csv", ".xlsx", ".txt", ".zip")
MAILS = {"portal:notice_preview", "portal:mail_content"}
"""Documents of mails, dressed inline as mail programs want it; pages show them in a frame."""

ACCOUNT = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "account_reauthenticate",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
ACCOUNT_WITH_SECOND_FACTOR = {
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
NO_PAGES_OF_ACCOUNT = {
    "account_login": "the portal's own page, by another name",
    "account_logout": "the portal's own, by another name",
    "mfa_authenticate": "stands between log-in and portal: tests/portal/test_second_factor.py",
    "mfa_download_recovery_codes": "a file",
    "end_session": "only ends one of the sessions that are listed",
    "mfa_reauthenticate_webauthn": "asks a security key, which the browser here has none of",
    "mfa_remove_webauthn": "of a security key",
    "mfa_edit_webauthn": "of a security key",
}
OTHERS = {"unsubscribe"}
NO_OTHER_PAGES = {"schema": "a document", "docs": "Swagger UI, which a package brings"}
OF_BACK_OFFICE: list[type[Model]] = [Shop, User, Order, Shipment, Claim, Event, Job, Mail]


def named(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all URLs below."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def pages_of_portal(shown: Shown) -> dict[str, str]:
    """By what they are called here, where they are."""
    arguments: dict[Callable[..., Any], dict[str, object]] = {}
    pages, plain = {}, place(shown.shop)
    for name, row in OF_PORTAL.items():
        if row.method == "get" and f"portal:{name}" not in MAILS:
            if row.arguments not in arguments:
                arguments[row.arguments] = row.arguments(shown.shop, plain)
            pages[f"portal:{name}"] = reverse(f"portal:{name}", kwargs=arguments[row.arguments])
    pages = {name: path for name, path in pages.items() if not path.endswith(FILES)}
    shop, base = shown.shop, f"/shops/{shown.shop.slug}"
    asked = invite(shop, email="other@example.com", role=Role.EDITOR, invited_by=shown.person)
    split = shown.order.shipments.order_by("position")[0].id
    return {
        **pages,
        "orders, none found": f"{base}/orders?q=nothing&state=placed",
        "order with much": f"{base}/orders/{shown.order.id}",
        "split with much": f"{base}/orders/{shown.order.id}/parcels/{split}/split",
        "shipment with much": f"{base}/shipments/{shown.shipment.id}",
        "shipments, filtered": f"{base}/shipments?flag=normal&country_code=DE&sort=oldest",
        "shipments, none found": f"{base}/shipments?q=nothing&phase=collect",
        "claim with much": f"{base}/claims/{shown.claim.id}",
        "audit, none found": f"{base}/audit?kind=nonsense",
        "events, none found": f"{base}/events/catalogue?q=no-such-event",
        "carrier in trouble": f"{base}/feeds/carriers/ups",
        "carrier, new": f"{base}/feeds/carriers/gls",
        "number of delivery": f"{base}/numbers/average_delivery_time/rows",
        "numbers, wrong days": f"{base}/analytics?from=2026-02-01&to=2026-01-01",
        "invitation of somebody": f"/invitations/{asked.token}",
        **{f"numbers of {part.key}": f"{base}/analytics/{part.key}?carrier=dhl" for part in PARTS},
    }


def pages_of_account(shown: Shown) -> dict[str, str]:
    key = {
        "uidb36": user_pk_to_url_str(shown.person),
        "key": default_token_generator.make_token(shown.person),
    }
    return {
        name: reverse(name, kwargs=key if name.endswith("from_key") else None)
        for name in sorted(ACCOUNT)
    }


def pages_of_customers(shown: Shown) -> dict[str, str]:
    token = tracking_token(shown.shop.id, shown.shipment.order_id)
    preview = keep_preview(Preview(shop_id=shown.shop.id, design=Design()))
    pages = {}
    for name, row in OF_TRACKING.items():
        arguments = row.arguments(shown.shipment)
        if row.method == "get" and row.own == 200 and name not in NO_PAGES_OF_CUSTOMERS:
            own = {} if {"slug", "key"} & set(arguments) else {"token": token}
            pages[f"tracking:{name}"] = reverse(f"tracking:{name}", kwargs={**arguments, **own})
    for story in ("lost", "failed_then_parcel_shop"):
        pages[f"preview, {story}"] = f"/t/preview/{preview}?story={story}&step=6"
    unsubscribing = unsubscribe_token(shown.shop.id, "a@shop.example")
    pages["unsubscribe"] = reverse("unsubscribe", kwargs={"token": unsubscribing})
    pages["no order"] = "/t/nobodys"
    return pages


def pages_of_back_office() -> dict[str, str]:
    """The lists that staff work with, the page of each one's newest row, and some of new ones."""
    pages = {"admin:index": reverse("admin:index")}
    for name in ("admin:shops_apikey_add", "admin:shops_organization_add"):
        pages[name] = reverse(name)
    for model in OF_BACK_OFFICE:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        newest = model._default_manager.order_by("-pk")[0]
        pages[f"{name}_changelist"] = reverse(f"{name}_changelist")
        pages[f"{name}_change"] = reverse(f"{name}_change", args=[newest.pk])
    return pages
