"""Webhooks and deliveries, to look at and to get going: shops change theirs in the portal."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from common.back_office import ReadOnlyAdmin, uuid_or_none
from shops.models import Shop
from shops.shop_filter import ShopFilter
from webhooks.mending import MOST, give_up, give_up_waiting, resend_failed, retry_now
from webhooks.models import Attempt, Delivery, Replay, Webhook, WebhookStatus
from webhooks.services import resend, update_webhook


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
    search_fields = ["url", "description", "shop__slug"]
    actions = ["resume", "retry_now", "resend_failed", "give_up_waiting"]
    note = "Whom shops want to be told of events. Secrets are shown to nobody."

    @admin.action(description="Resume: active again, what is on hold goes on", permissions=["mend"])
    def resume(self, request: HttpRequest, queryset: "QuerySet[Webhook]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            _resume,
            action="resume",
            question="Resume?",
            consequence="It is active again, and what is on hold is sent at once.",
            done="Resumed",
        )

    @admin.action(description="Try what waits now", permissions=["mend"])
    def retry_now(self, request: HttpRequest, queryset: "QuerySet[Webhook]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            lambda webhook: _counted(retry_now(webhook), "due now"),
            action="retry_now",
            question="Try what waits now?",
            consequence=f"Up to {MOST:,} deliveries that wait for another try are due at once.",
            done="Tried now",
        )

    @admin.action(description="Send again what was given up", permissions=["mend"])
    def resend_failed(
        self, request: HttpRequest, queryset: "QuerySet[Webhook]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            lambda webhook: _counted(resend_failed(webhook), "sent again"),
            action="resend_failed",
            question="Send again what was given up?",
            consequence=f"Up to {MOST:,} deliveries are tried again, with all their retries.",
            done="Sent again",
        )

    @admin.action(description="Give up what waits", permissions=["mend"])
    def give_up_waiting(
        self, request: HttpRequest, queryset: "QuerySet[Webhook]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            lambda webhook: _counted(give_up_waiting(webhook), "given up"),
            action="give_up_waiting",
            question="Give up what waits?",
            consequence=(
                f"Up to {MOST:,} deliveries that wait or are on hold are not tried any more. "
                "They can be sent again for 30 days."
            ),
            done="Given up",
        )


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
    search_fields = ["id", "message__id"]
    search_help_text = "The id of a delivery or of its message, which is the event’s."
    actions = ["send_now", "give_up"]
    note = "What is on its way to which webhook."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Delivery]", search_term: str
    ) -> tuple["QuerySet[Delivery]", bool]:
        """By ids, each of which an index finds."""
        if not search_term.strip():
            return queryset, False
        wanted = uuid_or_none(search_term)
        if wanted is None:
            return queryset.none(), False
        of_message = Q(message=wanted, shop__in=Shop.objects.values("id"))
        return queryset.filter(Q(id=wanted) | of_message), False

    @admin.action(description="Send now, whatever became of it", permissions=["mend"])
    def send_now(self, request: HttpRequest, queryset: "QuerySet[Delivery]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            _send_now,
            action="send_now",
            question="Send now?",
            consequence="It is due at once, with all its retries; also what has arrived already.",
            done="Sent now",
        )

    @admin.action(description="Give up", permissions=["mend"])
    def give_up(self, request: HttpRequest, queryset: "QuerySet[Delivery]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            lambda delivery: "given up" if give_up(delivery) else "it was over already",
            action="give_up",
            question="Give up?",
            consequence="It is not tried any more. It can be sent again for 30 days.",
            done="Given up",
        )


@admin.register(Replay)
class ReplayAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "webhook", "start", "end", "state", "looked_at", "sent"]
    list_select_related = ["shop", "webhook"]
    list_filter = ["state", ShopFilter]
    search_fields = ["actor__istartswith", "shop__slug__exact"]
    search_help_text = "Who asked for it, or the shop’s name in addresses."
    ordering = ["-created_at", "-id"]
    sortable_by = ()
    note = "Events of a window that were sent to a webhook again."


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
    search_fields = ["delivery_id"]
    search_help_text = "The id of a delivery."
    note = "Each try of a delivery, of the last 30 days."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Attempt]", search_term: str
    ) -> tuple["QuerySet[Attempt]", bool]:
        if not search_term.strip():
            return queryset, False
        wanted = uuid_or_none(search_term)
        if wanted is None:
            return queryset.none(), False
        shops = Shop.objects.values("id")
        return queryset.filter(delivery_id=wanted, shop__in=shops), False


def _resume(webhook: Webhook) -> str:
    update_webhook(webhook, status=WebhookStatus.ACTIVE)
    return "active"


def _send_now(delivery: Delivery) -> str:
    resend(delivery)
    return "due now"


def _counted(count: int, what: str) -> str:
    return f"{count} {'delivery' if count == 1 else 'deliveries'} {what}"
