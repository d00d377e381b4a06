"""What may be sent to create, change, rotate, test and replay (the contract's section 5)."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from common.wire import NO_NUL, Timestamp, Wire
from webhooks.models import WebhookStatus
from webhooks.samples import BY_NAME, TEST_EVENTS, path_of
from webhooks.subscriptions import EVERYTHING, fault_of

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
MOST_FILTERS = 50
MOST_DAYS = 31


def _known(wanted: str) -> str:
    if fault := fault_of(wanted):
        raise ValueError(fault)
    return wanted


def _known_event(name: str) -> str:
    if (path := path_of(name)) is None:
        raise ValueError("is not in the catalogue of events, neither as a path nor as a name")
    return path


Filter = Annotated[str, StringConstraints(max_length=160), AfterValidator(_known)]
Filters = Annotated[list[Filter], Field(min_length=1, max_length=MOST_FILTERS)]
Secret = Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=PRINTABLE)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=NO_NUL)]
Description = Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)]


class WebhookInput(Wire):
    url: Annotated[
        Address,
        Field(description="https:// and public, or `inbox:`, the shop's test inbox in the portal."),
    ]
    enabled_events: Filters | None = None
    secret: Secret | None = None
    description: Description | None = None
    status: WebhookStatus | None = None

    @property
    def wanted(self) -> list[str]:
        return self.enabled_events or [EVERYTHING]


class WebhookAmendment(Wire):
    """Absent or null is untouched; a secret given here is rotated to."""

    url: Address | None = None
    enabled_events: Filters | None = None
    secret: Secret | None = None
    description: Description | None = None
    status: WebhookStatus | None = None


class Rotation(Wire):
    secret: Secret | None = None
    overlap_hours: Annotated[
        int | None, Field(ge=0, le=168, description="For so long both secrets sign; 24 if absent.")
    ] = None


class TestInput(Wire):
    event: Annotated[
        str,
        StringConstraints(max_length=160),
        AfterValidator(_known_event),
        Field(json_schema_extra={"enum": [*TEST_EVENTS, *BY_NAME]}),
    ]


class Window(Wire):
    """Which events to send (again): those recorded from `from` until before `to`."""

    start: Annotated[Timestamp, Field(alias="from")]
    end: Annotated[Timestamp | None, Field(alias="to", description="Now, if absent.")] = None
    events: Annotated[
        Filters | None, Field(description="As `enabled_events`, to narrow those down.")
    ] = None
    only_undelivered: Annotated[
        bool | None, Field(description="Leave out what arrived; true if absent.")
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError("“from” must lie before “to”")
        return self
