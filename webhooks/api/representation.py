"""Rows as `read_models` has them."""

from collections.abc import Sequence
from typing import Any

import orjson

from shops.models import Shop
from webhooks.models import Attempt, Delivery, Replay, Webhook
from webhooks.replay import Preview
from webhooks.selectors import Statistics


def represent_webhook(shop: Shop, webhook: Webhook) -> dict[str, Any]:
    return {
        "uuid": webhook.id,
        "url": webhook.url,
        "enabled_events": webhook.enabled_events,
        "description": webhook.description,
        "status": webhook.status,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
        "disabled_at": webhook.disabled_at,
        "disabled_reason": webhook.disabled_reason or None,
        "failing_since": webhook.failing_since,
        "resting_until": webhook.resting_until,
        "previous_secret_until": webhook.previous_secret_until,
        "shop_slug": shop.slug,
    }


def represent_statistics(found: Statistics) -> dict[str, Any]:
    return {
        "attempts": found.attempts,
        "successes": found.successes,
        "success_rate": found.success_rate,
        "latency_p50_ms": found.latency_p50,
        "latency_p95_ms": found.latency_p95,
        "waiting": found.waiting,
        "held": found.held,
        "failed": found.failed,
        "waiting_since": found.waiting_since,
    }


def represent_delivery(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    return {
        "uuid": delivery.id,
        "webhook_id": delivery.webhook_id,
        "event_id": message.id,
        "ref": message.ref,
        "event_group": message.event_group,
        "order_id": message.order_id,
        "is_test": message.is_test,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "last_status": delivery.last_status,
        "next_attempt_at": delivery.next_attempt_at,
        "triggered_at": message.triggered_at,
        "created_at": delivery.created_at,
        "finished_at": delivery.finished_at,
    }


def represent_one_delivery(delivery: Delivery, tries: Sequence[Attempt]) -> dict[str, Any]:
    return {
        **represent_delivery(delivery),
        "body": orjson.loads(delivery.message.body),
        "tries": [represent_attempt(attempt) for attempt in tries],
    }


def represent_attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": attempt.created_at,
        "url": attempt.url,
        "request_headers": attempt.request_headers,
        "status": attempt.status,
        "response_headers": attempt.response_headers,
        "response_body": attempt.response_body,
        "error": attempt.error,
        "latency_ms": attempt.latency,
        "is_success": attempt.is_success,
        "next_attempt_at": attempt.next_attempt_at,
    }


def represent_preview(preview: Preview) -> dict[str, Any]:
    return {
        "count": preview.count,
        "new": preview.new,
        "first_at": preview.first_at,
        "last_at": preview.last_at,
        "sample": [
            {
                "event_id": event.id,
                "ref": event.ref,
                "event_group": event.event_group,
                "created_at": event.created_at,
            }
            for event in preview.sample
        ],
    }


def represent_replay(replay: Replay) -> dict[str, Any]:
    return {
        "uuid": replay.id,
        "webhook_id": replay.webhook_id,
        "from": replay.start,
        "to": replay.end,
        "events": replay.events,
        "only_undelivered": replay.only_undelivered,
        "state": replay.state,
        "sent": replay.sent,
        "created_at": replay.created_at,
        "finished_at": replay.finished_at,
    }
