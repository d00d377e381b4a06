"""Webhooks, deliveries and attempts as clients read them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, RootModel

from common.api.read_models import ReadModel
from webhooks.models import DeliveryState, DisabledReason, ReplayState, WebhookStatus

Reason = Literal[DisabledReason.GONE, DisabledReason.FAILING]


class Webhook(ReadModel):
    uuid: UUID
    url: str
    enabled_events: list[str]
    description: str
    status: WebhookStatus
    created_at: datetime
    updated_at: datetime
    disabled_at: Annotated[datetime | None, Field(description="When we switched it off.")]
    disabled_reason: Annotated[
        Reason | None,
        Field(description="`gone`: it answered 410; `failing`: five days without one success."),
    ]
    failing_since: Annotated[
        datetime | None, Field(description="The first failure after the last success.")
    ]
    resting_until: Annotated[
        datetime | None,
        Field(description="Too many failures in a row: nothing is sent until then."),
    ]
    previous_secret_until: Annotated[
        datetime | None, Field(description="Until then the secret before signs, too.")
    ]
    shop_slug: str


class CreatedWebhook(Webhook):
    secret: Annotated[str, Field(description="Shown now, and never again.")]


class AmendedWebhook(Webhook):
    secret: Annotated[str | None, Field(description="If it was changed, else null.")]


class Statistics(ReadModel):
    """Attempts are those of the last 24 hours."""

    attempts: int
    successes: int
    success_rate: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    waiting: int
    held: int
    failed: int
    waiting_since: datetime | None


class OneWebhook(Webhook):
    statistics: Statistics


class Delivery(ReadModel):
    uuid: UUID
    webhook_id: UUID
    event_id: UUID
    ref: str
    event_group: str
    order_id: UUID | None
    is_test: bool
    state: DeliveryState
    attempts: int
    last_status: int | None
    next_attempt_at: datetime | None
    triggered_at: datetime
    created_at: datetime
    finished_at: datetime | None


class Attempt(ReadModel):
    number: int
    at: datetime
    url: str
    request_headers: dict[str, str]
    status: Annotated[int | None, Field(description="Null if no response came.")]
    response_headers: dict[str, str] | None
    response_body: Annotated[str, Field(description="Its first 4 KiB.")]
    error: str
    latency_ms: int
    is_success: bool
    next_attempt_at: datetime | None


class OneDelivery(Delivery):
    body: Annotated[dict[str, Any], Field(description="What was signed and sent.")]
    tries: Annotated[list[Attempt], Field(description="Kept for 30 days, oldest first.")]


class PreviewedEvent(ReadModel):
    event_id: UUID
    ref: str
    event_group: str
    created_at: datetime


class Preview(ReadModel):
    count: Annotated[int, Field(description="Deliveries that a replay would send.")]
    new: Annotated[int, Field(description="Of events that the webhook was not told of yet.")]
    first_at: datetime | None
    last_at: datetime | None
    sample: list[PreviewedEvent]


class Replay(ReadModel):
    uuid: UUID
    webhook_id: UUID
    start: Annotated[datetime, Field(alias="from")]
    end: Annotated[datetime, Field(alias="to")]
    events: list[str]
    only_undelivered: bool
    state: ReplayState
    sent: int
    created_at: datetime
    finished_at: datetime | None


class Webhooks(RootModel[list[Webhook]]):
    """Oldest first."""


class Deliveries(RootModel[list[Delivery]]):
    """Newest first."""


class Replays(RootModel[list[Replay]]):
    """Newest first."""
