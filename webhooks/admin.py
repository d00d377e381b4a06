"""Webhooks and deliveries, to look at: they are changed by their shops, in the portal."""

from django.contrib import admin

from common.back_office import ReadOnlyAdmin
from shops.shop_filter import ShopFilter
from webhooks.models import Attempt, Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ["url", "shop", "status", "disabled_reason", "failing_since", "resting_until"]
    list_select_related = ["shop"]
    list_filter = ["status", "disabled_reason", ShopFilter]
    ordering = ["-created_at"]
    sortable_by = ()
    fields = [
        "url",
        "shop",
        "enabled_events",
        "description",
        "status",
        "disabled_at",
        "disabled_reason",
        "disabled_told_at",
        "failing_since",
        "rests",
        "resting_until",
        "previous_secret_until",
        "created_at",
        "updated_at",
    ]
    note = "Whom shops want to be told of events. Secrets are shown to nobody."


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "webhook", "state", "attempts", "last_status"]
    list_select_related = ["shop", "webhook"]
    list_filter = ["state", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = [
        "shop",
        "webhook",
        "message_id",
        "state",
        "attempts",
        "retries",
        "next_attempt_at",
        "leased_until",
        "last_status",
        "created_at",
        "finished_at",
    ]
    note = "What is on its way to which webhook."


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "url", "status", "latency", "error"]
    list_select_related = ["shop"]
    list_filter = ["is_success", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = [
        "shop",
        "delivery_id",
        "number",
        "url",
        "request_headers",
        "status",
        "response_headers",
        "response_body",
        "error",
        "latency",
        "next_attempt_at",
        "created_at",
    ]
    note = "Each try of a delivery, of the last 30 days."
