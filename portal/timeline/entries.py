"""What a timeline is made of: one entry for each thing that happened, with who did it and how."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventQuerySet
from orders.models import Order
from portal.status import Tone
from shipments.models import Shipment
from shops.models import Role, Shop


class Kind(models.TextChoices):
    """What a timeline can be narrowed to; a thing may be of several."""

    CARRIER = "carrier", _("Carrier")
    API = "api", _("API calls")
    PEOPLE = "people", _("People")
    WEBHOOKS = "webhooks", _("Webhooks")
    MAILS = "mails", _("E-mails")
    CLAIMS = "claims", _("Claims")
    CUSTOMER = "customer", _("Customer")
    CAMPAIGN = "campaign", _("Campaign")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose timeline it is, and who reads it."""

    shop: Shop
    order: Order
    shipment: Shipment | None = None
    """If so, only what concerns this parcel, but for what carriers report: that stands above."""
    role: Role = Role.VIEWER
    """Editors know what mails said, admins also where webhooks lead to."""

    def events(self) -> EventQuerySet:
        """Of the order, whichever parcel they are about."""
        order = self.order
        return Event.objects.of(self.shop).of_order(order.id, made_at=order.created_at)


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who did it, by what; entries of one time and one `Who` stand together."""

    actor: str = ""
    call: str = ""
    """As people call it; of programs, the operation that they called."""
    job_id: UUID | None = None
    """If a job did it, and is still there."""
    key_hint: str = ""
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt of a delivery."""

    at: datetime
    words: str
    is_success: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    at: datetime
    id: UUID
    text: str
    tone: Tone
    who: Who
    code: str = ""
    """A number to stand after the text, such as the parcel's."""
    detail: str = ""
    more: str = ""
    """What may be said after it, more quietly."""
    said: str = ""
    """What a person wrote."""
    shipment_id: UUID | None = None
    """The parcel that it is about, where there is still one."""
    link: str = ""
    """To the page that says more of it."""
    tries: list[Try] = field(default_factory=list)
