"""Notices and mails, to look at: they are changed by their shops, in the portal."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from common.back_office import ReadOnlyAdmin, uuid_or_none
from notices.models import Mail, MailState, Notice, NoticeSettings, NoticeText, Unsubscription
from notices.services import give_up, send_again, send_now
from shops.models import Shop
from shops.shop_filter import ShopFilter


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    search_fields = ["event_group", "shop__name", "shop__slug"]
    list_display = ["event_group", "shop", "audience", "is_on", "on_since"]
    list_select_related = ["shop"]
    list_filter = ["audience", "is_on", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["event_group", "shop", "audience", "is_on", "on_since", "created_at", "updated_at"]
    note = "Who is told of what by e-mail."


@admin.register(NoticeText)
class NoticeTextAdmin(ReadOnlyAdmin):
    search_fields = ["event_group", "subject", "shop__name", "shop__slug"]
    list_display = ["event_group", "shop", "audience", "language", "subject"]
    list_select_related = ["shop"]
    list_filter = ["audience", "language", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["event_group", "shop", "audience", "language", "subject", "body", "updated_at"]
    note = "What shops say in words of their own; the others use the built-in ones."


@admin.register(NoticeSettings)
class NoticeSettingsAdmin(ReadOnlyAdmin):
    search_fields = ["reply_to", "shop__name", "shop__slug"]
    list_display = ["shop", "reply_to", "updated_at"]
    list_select_related = ["shop"]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["shop", "reply_to", "staff_addresses", "updated_at"]


@admin.register(Unsubscription)
class UnsubscriptionAdmin(ReadOnlyAdmin):
    search_fields = ["address_digest__exact", "shop__name", "shop__slug"]
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
    search_fields = ["recipient__istartswith", "order_id"]
    search_help_text = "How the address begins, or the whole id of an order."
    actions = ["send_again", "give_up"]
    note = "Every mail: to whom, when, and what became of it. What it said is kept for 30 days."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Mail]", search_term: str
    ) -> tuple["QuerySet[Mail]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = uuid_or_none(term)
        if wanted is None:
            return queryset.filter(recipient__istartswith=term), False
        of_order = Q(order_id=wanted, shop__in=Shop.objects.values("id"))
        return queryset.filter(Q(id=wanted) | of_order), False

    @admin.action(description="Send again, or at once what waits", permissions=["mend"])
    def send_again(self, request: HttpRequest, queryset: "QuerySet[Mail]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            _send_again,
            action="send_again",
            question="Send again?",
            consequence=(
                "What failed, and what nobody knows of, is tried again: it may arrive twice. "
                "What waits is due at once."
            ),
            done="Sent again",
        )

    @admin.action(description="Give up what waits", permissions=["mend"])
    def give_up(self, request: HttpRequest, queryset: "QuerySet[Mail]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            lambda mail: "given up" if give_up(mail) else "it does not wait",
            action="give_up",
            question="Give up what waits?",
            consequence="It is not sent, unless somebody sends it again.",
            done="Given up",
        )


def _send_again(mail: Mail) -> str:
    if mail.state == MailState.WAITING:
        return "due now" if send_now(mail) else "somebody has it in hand"
    send_again(mail)
    return "due now"
