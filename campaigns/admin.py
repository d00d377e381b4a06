"""Campaigns, discounts and attributions, to look at: shops change them in the portal."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from campaigns.models import Attribution, Campaign, Discount
from common.back_office import ReadOnlyAdmin, short_moment
from shops.shop_filter import ShopFilter


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["name", "shop", "shown_status", "segment", "priority", "starts_at", "ends_at"]
    list_select_related = ["shop"]
    list_filter = ["is_enabled", ShopFilter]
    search_fields = ["name", "code"]
    ordering = ["-created_at"]
    sortable_by = ()
    fields = [
        "name",
        "code",
        "shop",
        "shown_status",
        "is_enabled",
        "paused_at",
        "deleted_at",
        "starts_at",
        "ends_at",
        "segment",
        "priority",
        "promotion_type",
        "promotion_properties",
        "alternative_properties",
        "holdout_percent",
        "discount",
        "created_at",
        "updated_at",
    ]
    note = "What tracking pages show. Shops make and change campaigns in the portal or by the API."

    @admin.display(description="status")
    def shown_status(self, campaign: Campaign) -> str:
        return "Deleted" if campaign.deleted_at else str(campaign.status(timezone.now()).label)


@admin.register(Discount)
class DiscountAdmin(ReadOnlyAdmin):
    list_display = ["code", "shop", "title", "type", "value_type", "value"]
    list_select_related = ["shop"]
    list_filter = ["type", ShopFilter]
    search_fields = ["code", "title"]
    ordering = ["-created_at"]
    sortable_by = ()
    fields = ["code", "shop", "title", "type", "value_type", "value", "created_at", "updated_at"]
    note = "Codes that campaigns give."


@admin.register(Attribution)
class AttributionAdmin(ReadOnlyAdmin):
    list_display = ["order", "shop", "campaign", "way", "evidence", "attributed"]
    list_select_related = ["shop", "order", "campaign"]
    list_filter = ["way", ShopFilter]
    search_fields = ["evidence"]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["order", "shop", "campaign", "way", "evidence", "referring_order_id", "attributed_at"]
    note = "Which campaign brought which order, and how that is known."

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Attribution]":
        return super().get_queryset(request).select_related("shop", "order", "campaign")

    @admin.display(description="attributed")
    def attributed(self, attribution: Attribution) -> str:
        return short_moment(attribution.attributed_at)
