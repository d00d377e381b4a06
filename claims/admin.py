"""The back office's pages of claims: to look at, and to decide through the services."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.models import (
    Claim,
    ClaimEntry,
    ClaimMail,
    ClaimPhoto,
    ClaimRule,
    ClaimSettings,
    ClaimStatus,
)
from claims.photo_links import photo_path
from claims.services import delete_claim, update_claim
from common.back_office import ReadOnlyAdmin, short_moment, uuid_or_none
from orders.models import Order
from shops.models import Shop
from shops.shop_filter import ShopFilter


class LookInline(admin.TabularInline):  # type: ignore[type-arg]
    """What belongs to a claim, at a glance."""

    extra = max_num = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EntryInline(LookInline):
    model = ClaimEntry
    fields = ("created_at", "kind", "actor", "text", "details")
    readonly_fields = fields
    ordering = ["-created_at", "-id"]
    verbose_name_plural = "what happened"


class PhotoInline(LookInline):
    model = ClaimPhoto
    fields = ("picture", "kind", "width", "height", "size")
    readonly_fields = fields

    @admin.display(description="photo")
    def picture(self, photo: ClaimPhoto) -> SafeString:
        return format_html('<a href="{}">{}</a>', photo_path(photo), photo)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["filed", "shop", "order_number", "reason", "flow", "status", "deleted"]
    list_select_related = ["shop", "order"]
    list_filter = ["status", "reason", "flow", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    search_fields = ["id"]
    search_help_text = "The whole order number, or the id of an order or a claim."
    actions = ["accept", "reject", "close", "open_again", "delete_softly"]
    inlines = [PhotoInline, EntryInline]
    fields = [
        *("shop", "order_link", "shipment_id", "reason", "flow", "issue", "status"),
        *("resolution_preference", "description", "selected_items", "image_urls"),
        *("customer_signature_image_url", "signed_by", "dropoff_permission", "amount"),
        *("phase_when_filed", "answer", "assignee", "is_test"),
        *("created_at", "updated_at", "decided_at", "deleted_at"),
    ]
    note = "Decisions go through the same service as the portal's, and customers' webhooks hear."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Claim]", search_term: str
    ) -> tuple["QuerySet[Claim]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        orders = Order.objects.filter(shop__in=Shop.objects.values("id"), order_number=term)
        order_ids = list(orders.values_list("id", flat=True)[:1000])
        found = queryset.filter(order_id__in=order_ids)
        if (named := uuid_or_none(term)) is not None:
            found = found | queryset.filter(id=named) | queryset.filter(order_id=named)
        return found, False

    @admin.display(description="filed")
    def filed(self, claim: Claim) -> str:
        return short_moment(claim.created_at)

    @admin.display(description="order")
    def order_number(self, claim: Claim) -> str:
        return claim.order.order_number

    @admin.display(description="order")
    def order_link(self, claim: Claim) -> SafeString:
        url = reverse("admin:orders_order_change", args=[claim.order_id])
        return format_html('<a href="{}">{}</a>', url, claim.order)

    @admin.display(description="deleted", boolean=True)
    def deleted(self, claim: Claim) -> bool:
        return claim.deleted_at is not None

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("claims.change_claim"))

    @admin.action(description="Accept", permissions=["decide"])
    def accept(self, request: HttpRequest, claims: "QuerySet[Claim]") -> None:
        self._decide(request, claims, ClaimStatus.ACCEPTED, done="Accepted")

    @admin.action(description="Reject", permissions=["decide"])
    def reject(self, request: HttpRequest, claims: "QuerySet[Claim]") -> None:
        self._decide(request, claims, ClaimStatus.REJECTED, done="Rejected")

    @admin.action(description="Close", permissions=["decide"])
    def close(self, request: HttpRequest, claims: "QuerySet[Claim]") -> None:
        self._decide(request, claims, ClaimStatus.CLOSED, done="Closed")

    @admin.action(description="Open again", permissions=["decide"])
    def open_again(self, request: HttpRequest, claims: "QuerySet[Claim]") -> None:
        self._decide(request, claims, ClaimStatus.PENDING, done="Opened")

    @admin.action(description="Delete (it is kept, and hidden)", permissions=["decide"])
    def delete_softly(self, request: HttpRequest, claims: "QuerySet[Claim]") -> None:
        rows = claims.select_related("shop")
        self.act_on_each(request, rows, delete_claim, done="Deleted")

    def _decide(
        self, request: HttpRequest, claims: "QuerySet[Claim]", status: ClaimStatus, *, done: str
    ) -> None:
        def decide(claim: Claim) -> Any:
            return update_claim(claim, status=status)

        self.act_on_each(request, claims.select_related("shop"), decide, done=done)


@admin.register(ClaimMail)
class ClaimMailAdmin(ReadOnlyAdmin):
    search_fields = ["recipient__istartswith", "shop__slug__exact"]
    search_help_text = "How the recipient’s address begins, or the shop’s name in addresses."
    list_display = ["subject", "shop", "recipient", "tries", "sent_at", "due_at", "trouble"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    note = "Answers to customers; what is due is sent within seconds, and tried again for a day."


@admin.register(ClaimRule)
class ClaimRuleAdmin(ReadOnlyAdmin):
    search_fields = ["name", "shop__name", "shop__slug"]
    list_display = ["name", "shop", "position", "decision", "is_active"]
    list_select_related = ["shop"]
    list_filter = ["decision", "is_active", ShopFilter]
    ordering = ["shop", "position"]
    sortable_by = ()
    note = "Shops make their rules in the portal, where they can be tried first."


@admin.register(ClaimSettings)
class ClaimSettingsAdmin(ReadOnlyAdmin):
    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["shop", "flows_off", "complaint_days", "return_days", "missing_after_days"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
