"""Imported spreadsheets in the back office: who uploaded what, and the job that reads it."""

from django.contrib import admin

from common.back_office import ReadOnlyAdmin
from portal.sheets.models import OrderImport
from shops.shop_filter import ShopFilter


@admin.register(OrderImport)
class OrderImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "shop", "actor", "total", "created_at"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    search_fields = ["file_name", "actor__istartswith", "shop__slug__exact"]
    search_help_text = "The file’s name, who uploaded it, or the shop’s name in addresses."
    exclude = ["content"]
    ordering = ["-created_at", "-id"]
    sortable_by = ()
