"""/v1/shops/{slug}/webhooks: who is told of what, what was sent, and sending it again."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.answers import answer_read
from common.api.bodies import about_the_body, read_body
from common.api.paging import next_link, take_page
from common.api.queries import filtered
from shops.api.views import ShopView
from shops.models import Role
from webhooks.api.description import (
    describe_deliveries,
    describe_delivery,
    describe_preview,
    describe_replays,
    describe_resend,
    describe_rotate,
    describe_test,
    describe_webhook,
    describe_webhooks,
)
from webhooks.api.filters import DeliveryFilters, ReplayFilters
from webhooks.api.representation import (
    represent_delivery,
    represent_one_delivery,
    represent_preview,
    represent_replay,
    represent_statistics,
    represent_webhook,
)
from webhooks.errors import DeliveryNotFound, WebhookNotFound
from webhooks.inputs import Rotation, TestInput, WebhookAmendment, WebhookInput, Window
from webhooks.models import Attempt, Delivery, Replay, Webhook, WebhookStatus
from webhooks.replay import Selection, preview_replay, start_replay
from webhooks.samples import send_test
from webhooks.selectors import statistics_of
from webhooks.services import (
    OVERLAP,
    create_webhook,
    delete_webhook,
    resend,
    rotate_secret,
    update_webhook,
)
from webhooks.subscriptions import EVERYTHING


class WebhookBase(ShopView):
    """Reading is for every role, everything else for admins."""

    roles: ClassVar[dict[str, Role]] = {
        **ShopView.roles,
        **dict.fromkeys(("POST", "PATCH", "DELETE"), Role.ADMIN),
    }

    def find_webhook(self, webhook_id: str) -> Webhook:
        if (uuid := _uuid(webhook_id)) is not None:
            webhook = Webhook.objects.of(self.shop).filter(id=uuid).first()
            if webhook is not None:
                webhook.shop = self.shop
                return webhook
        raise WebhookNotFound(f"There is no webhook {webhook_id} in this shop.")

    def deliveries_of(self, webhook: Webhook) -> QuerySet[Delivery]:
        rows = Delivery.objects.of(self.shop).filter(webhook_id=webhook.id)
        found: QuerySet[Delivery] = rows.filter(message__shop_id=F("shop_id"))
        return found.select_related("message")

    def find_delivery(self, webhook: Webhook, delivery_id: str) -> Delivery:
        if (uuid := _uuid(delivery_id)) is not None:
            delivery = self.deliveries_of(webhook).filter(id=uuid).first()
            if delivery is not None:
                return delivery
        raise DeliveryNotFound(f"There is no delivery {delivery_id} of this webhook.")

    def answer_delivery(self, delivery: Delivery) -> dict[str, Any]:
        tries = Attempt.objects.of(self.shop).filter(delivery_id=delivery.id)
        return represent_one_delivery(delivery, list(tries))


@describe_webhooks
class WebhooksView(WebhookBase):
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """All webhooks of the shop, at most 100, oldest first."""
        webhooks = Webhook.objects.of(self.shop)
        return answer_read(request, [represent_webhook(self.shop, one) for one in webhooks])

    def post(self, request: Request, slug: str) -> Response:
        """Make a webhook; answers it with its secret, which is shown this once."""
        said = read_body(WebhookInput, request.data)
        with about_the_body():
            webhook, secret = create_webhook(
                self.shop,
                url=said.url,
                enabled_events=said.wanted,
                secret=said.secret,
                description=said.description or "",
                status=said.status or WebhookStatus.ACTIVE,
            )
        return Response({**represent_webhook(self.shop, webhook), "secret": secret})


@describe_webhook
class WebhookView(WebhookBase):
    def get(self, request: Request, slug: str, webhook_id: str) -> HttpResponseBase:
        """One webhook, and how it is doing."""
        webhook = self.find_webhook(webhook_id)
        found = statistics_of(self.shop, [webhook])[webhook.id]
        represented = represent_webhook(self.shop, webhook)
        return answer_read(request, {**represented, "statistics": represent_statistics(found)})

    def patch(self, request: Request, slug: str, webhook_id: str) -> Response:
        """Change what is given; a secret given here replaces the old one after 24 hours."""
        webhook = self.find_webhook(webhook_id)
        said = read_body(WebhookAmendment, request.data)
        with about_the_body():
            webhook = update_webhook(
                webhook,
                url=said.url,
                enabled_events=said.enabled_events,
                description=said.description,
                status=said.status,
            )
        if said.secret is not None:
            webhook, _ = rotate_secret(webhook, secret=said.secret)
        return Response({**represent_webhook(self.shop, webhook), "secret": said.secret})

    def delete(self, request: Request, slug: str, webhook_id: str) -> Response:
        """Delete it with its deliveries."""
        delete_webhook(self.find_webhook(webhook_id))
        return Response(status=204)


@describe_rotate
class RotateView(WebhookBase):
    def post(self, request: Request, slug: str, webhook_id: str) -> Response:
        """Make or take a new secret; for a while both sign."""
        webhook = self.find_webhook(webhook_id)
        said = read_body(Rotation, request.data)
        hours = said.overlap_hours
        overlap = OVERLAP if hours is None else timedelta(hours=hours)
        webhook, secret = rotate_secret(webhook, secret=said.secret, overlap=overlap)
        return Response({**represent_webhook(self.shop, webhook), "secret": secret})


@describe_test
class TestView(WebhookBase):
    def post(self, request: Request, slug: str, webhook_id: str) -> Response:
        """Send a test event, signed and delivered like any other."""
        webhook = self.find_webhook(webhook_id)
        said = read_body(TestInput, request.data)
        return Response(self.answer_delivery(send_test(webhook, said.event)))


@describe_deliveries
class DeliveriesView(WebhookBase):
    def get(self, request: Request, slug: str, webhook_id: str) -> HttpResponseBase:
        """Newest first; `Link` leads to the next page."""
        webhook = self.find_webhook(webhook_id)
        rows = self.deliveries_of(webhook).defer("message__body")
        deliveries, asked = filtered(DeliveryFilters, request.GET, rows)
        page, cursor = take_page(deliveries, asked, by="created_at")
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_read(request, [represent_delivery(one) for one in page], headers)


@describe_delivery
class DeliveryView(WebhookBase):
    def get(
        self, request: Request, slug: str, webhook_id: str, delivery_id: str
    ) -> HttpResponseBase:
        """One delivery: what was sent, and each attempt."""
        delivery = self.find_delivery(self.find_webhook(webhook_id), delivery_id)
        return answer_read(request, self.answer_delivery(delivery))


@describe_resend
class ResendView(WebhookBase):
    def post(self, request: Request, slug: str, webhook_id: str, delivery_id: str) -> Response:
        """Send the same bytes again, now; retries start anew."""
        delivery = self.find_delivery(self.find_webhook(webhook_id), delivery_id)
        return Response(self.answer_delivery(resend(delivery)))


@describe_preview
class PreviewView(WebhookBase):
    def post(self, request: Request, slug: str, webhook_id: str) -> Response:
        """What a replay of this window would send; nothing is sent."""
        webhook = self.find_webhook(webhook_id)
        selection = _selection(read_body(Window, request.data))
        return Response(represent_preview(preview_replay(webhook, selection)))


@describe_replays
class ReplaysView(WebhookBase):
    def get(self, request: Request, slug: str, webhook_id: str) -> HttpResponseBase:
        """The replays of this webhook, newest first."""
        webhook = self.find_webhook(webhook_id)
        rows = Replay.objects.of(self.shop).filter(webhook_id=webhook.id)
        replays, asked = filtered(ReplayFilters, request.GET, rows)
        page, cursor = take_page(replays, asked, by="created_at")
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_read(request, [represent_replay(one) for one in page], headers)

    def post(self, request: Request, slug: str, webhook_id: str) -> Response:
        """Send the events of a window (again); `GET` tells how far it is."""
        webhook = self.find_webhook(webhook_id)
        selection = _selection(read_body(Window, request.data))
        return Response(represent_replay(start_replay(webhook, selection)))


def _selection(said: Window) -> Selection:
    return Selection(
        start=said.start,
        end=said.end or timezone.now(),
        events=said.events or [EVERYTHING],
        only_undelivered=said.only_undelivered is not False,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
