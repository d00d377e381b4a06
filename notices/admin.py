"""Notices and mails, to look at: they are changed by their shops, in the portal."""

from django.contrib import admin

from common.back_office import ReadOnlyAdmin
from notices.models import Mail, Notice, NoticeSettings, NoticeText, Unsubscription
from shops.shop_filter import ShopFilter


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["event_group", "shop", "audience", "is_on", "on_since"]
    list_select_related = ["shop"]
    list_filter = ["audience", "is_on", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["event_group", "shop", "audience", "is_on", "on_since", "created_at", "updated_at"]
    note = "Who is told of what by e-mail."


@admin.register(NoticeText)
class NoticeTextAdmin(ReadOnlyAdmin):
    list_display = ["event_group", "shop", "audience", "language", "subject"]
    list_select_related = ["shop"]
    list_filter = ["audience", "language", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["event_group", "shop", "audience", "language", "subject", "body", "updated_at"]
    note = "What shops say in words of their own; the others use the built-in ones."


@admin.register(NoticeSettings)
class NoticeSettingsAdmin(ReadOnlyAdmin):
    list_display = ["shop", "reply_to", "updated_at"]
    list_select_related = ["shop"]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["shop", "reply_to", "staff_addresses", "updated_at"]


@admin.register(Unsubscription)
class UnsubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "address_digest"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["created_at", "shop", "address_digest"]
    note = "Addresses that want no mail of a shop, as digests that name nobody."


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "recipient", "event_group", "state", "attempts", "error"]
    list_select_related = ["shop"]
    list_filter = ["state", "audience", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = [
        "created_at",
        "shop",
        "audience",
        "event_group",
        "recipient",
        "state",
        "error",
        "attempts",
        "next_attempt_at",
        "leased_until",
        "queued_at",
        "finished_at",
        "order_id",
        "shipment_id",
        "event_id",
        "is_test",
        "is_own_text",
        "language",
        "subject",
        "text",
    ]
    note = "Every mail: to whom, when, and what became of it. What it said is kept for 30 days."
