"""Customers' data as staff may see it: that something was asked for, never whose it is."""

from django.contrib import admin

from common.back_office import ReadOnlyAdmin
from privacy.models import DoomedFile, Erasure, Export, Forgotten, Retention
from shops.shop_filter import ShopFilter


class OfShopAdmin(ReadOnlyAdmin):
    list_select_related = ["shop"]
    ordering = ["-id"]
    sortable_by = ()


class AboutCustomerAdmin(OfShopAdmin):
    list_filter = [ShopFilter]
    search_fields = ["actor__istartswith", "shop__name", "shop__slug"]
    search_help_text = "How the address of who asked begins, or a shop."


@admin.register(Erasure)
class ErasureAdmin(AboutCustomerAdmin):
    list_display = ["created_at", "reference", "shop", "actor", "order_count", "finished_at"]
    fields = ["created_at", "reference", "shop", "actor", "order_count", "finished_at"]
    note = "Customers that were erased, or are being. One that does not end is a job that waits."


@admin.register(Export)
class ExportAdmin(AboutCustomerAdmin):
    list_display = ["created_at", "reference", "shop", "actor", "order_count", "ready_at"]
    fields = [
        "created_at",
        "reference",
        "shop",
        "actor",
        "order_count",
        "collected_at",
        "ready_at",
        "size",
    ]
    note = "What is held of a customer, as a file. Only who asked for it may download it."


@admin.register(Retention)
class RetentionAdmin(OfShopAdmin):
    list_display = ["shop", "order_months", "page_action_days", "updated_at"]
    fields = ["shop", *Forgotten.What.values, "updated_at"]
    search_fields = ["shop__name", "shop__slug"]
    note = "How long shops keep what, where they said so; the others have the defaults."


@admin.register(Forgotten)
class ForgottenAdmin(OfShopAdmin):
    list_display = ["day", "shop", "what", "count", "last_at"]
    list_filter = ["what", ShopFilter]
    fields = ["day", "shop", "what", "count", "last_at"]
    search_fields = ["shop__name", "shop__slug"]
    note = "How much was forgotten on each day because its time was up."


@admin.register(DoomedFile)
class DoomedFileAdmin(OfShopAdmin):
    list_display = ["name", "shop"]
    list_filter = [ShopFilter]
    fields = ["name", "shop"]
    search_fields = ["shop__name", "shop__slug"]
    note = (
        "Files whose rows are gone. Beat deletes them; what stays here for long cannot be deleted."
    )
