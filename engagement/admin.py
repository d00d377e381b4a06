"""What customers did on tracking pages, in the back office: to look at."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.back_office import ReadOnlyAdmin, short_moment
from engagement.models import Announcement, PageAction, PageDesign, Rating
from shops.shop_filter import ShopFilter


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["rated", "shop", "score", "comment", "parcel"]
    list_select_related = ["shop", "shipment"]
    list_filter = ["score", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["shop", "parcel", "score", "comment", "created_at", "updated_at"]
    note = "How customers liked the delivery of their parcels; they may change it."

    @admin.display(description="rated")
    def rated(self, rating: Rating) -> str:
        return short_moment(rating.updated_at)

    @admin.display(description="shipment")
    def parcel(self, rating: Rating) -> SafeString:
        url = reverse("admin:shipments_shipment_change", args=[rating.shipment_id])
        return format_html('<a href="{}">{}</a>', url, rating.shipment)


@admin.register(PageAction)
class PageActionAdmin(ReadOnlyAdmin):
    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["last", "shop", "kind", "element", "campaign_id", "variant", "times"]
    list_select_related = ["shop"]
    list_filter = ["kind", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = [
        "shop",
        "kind",
        "element",
        "campaign_id",
        "variant",
        "first_at",
        "last_at",
        "times",
    ]
    note = "Opens and clicks on tracking pages, without robots: one row for each thing."

    @admin.display(description="last")
    def last(self, action: PageAction) -> str:
        return short_moment(action.last_at)


@admin.register(PageDesign)
class PageDesignAdmin(ReadOnlyAdmin):
    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["shop", "accent", "band", "home_url", "updated_at"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    fields = ["shop", "accent", "band", "home_url", "texts", "links", "picture_hosts"]
    note = "How shops made their tracking pages look; each shop's admins change it in the portal."


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["said", "shop", "starts_at", "ends_at"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    ordering = ["-id"]
    fields = ["shop", "texts", "starts_at", "ends_at", "created_at"]
    note = "What shops tell on every order's page."

    @admin.display(description="said")
    def said(self, announcement: Announcement) -> str:
        return str(announcement)
