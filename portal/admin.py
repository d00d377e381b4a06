"""The back office's page of saved filters: people make and mend their own in the portal."""

from django.contrib import admin

from common.back_office import ReadOnlyAdmin
from portal.models import SavedFilter
from shops.shop_filter import ShopFilter


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnlyAdmin):
    list_display = ["name", "shop", "owner", "query", "created_at"]
    list_select_related = ["shop", "owner"]
    list_filter = [ShopFilter]
    search_fields = ["name__istartswith"]
    search_help_text = "How the name begins."
    ordering = ["-id"]
    sortable_by = ()
