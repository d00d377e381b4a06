"""What a notice's text can name in braces, such as {order_number}, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices.groups import NOTICE_GROUPS, About
from notices.models import Audience


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    name: str
    says: Promise
    about: frozenset[About]
    audiences: frozenset[Audience]
    is_link: bool


def placeholders_for(group: str, audience: Audience) -> dict[str, Placeholder]:
    """Those that a text for these events and people may hold."""
    about = NOTICE_GROUPS[group].about
    return {
        name: one
        for name, one in PLACEHOLDERS.items()
        if about in one.about and audience in one.audiences
    }


def _all(
    *about: About, links: tuple[str, ...] = (), staff_only: bool = False, **says: Promise
) -> dict[str, Placeholder]:
    audiences = frozenset({Audience.STAFF} if staff_only else Audience)
    return {
        name: Placeholder(
            name=name,
            says=text,
            about=frozenset(about or About),
            audiences=audiences,
            is_link=name in links,
        )
        for name, text in says.items()
    }


PLACEHOLDERS: Mapping[str, Placeholder] = {
    **_all(
        links=("tracking_page",),
        greeting=_("“Hello Ada”, or “Hello” where there is no name"),
        first_name=_("of the customer"),
        last_name=_("of the customer"),
        shop_name=_("as your customers know it"),
        order_number=_("of the order"),
        products=_("what is in the parcel or the order, one a line"),
        event=_("what happened, in a sentence"),
        tracking_page=_("link to the customer’s page; alone on its line a button"),
    ),
    **_all(
        *(About.SHIPMENT, About.CLAIM),
        links=("carrier_link",),
        tracking_number=_("of the parcel"),
        carrier=_("its carrier"),
        carrier_link=_("link to the carrier’s page"),
    ),
    **_all(
        About.SHIPMENT,
        arrival=_("when it is expected"),
        pickup_place=_("where it waits or was left"),
        pickup_address=_("the address of that place"),
        pickup_hours=_("its opening hours"),
        pickup_until=_("the last day to collect it"),
    ),
    **_all(
        About.CLAIM,
        claim_reason=_("what is wrong"),
        claim_status=_("pending, accepted, rejected or closed"),
        claim_description=_("in the customer’s words"),
    ),
    **_all(
        staff_only=True,
        links=("order_page",),
        customer_email=_("of the order"),
        order_page=_("link to the order in this portal"),
    ),
}
