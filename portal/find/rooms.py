"""The portal's own pages by their names: rooms of the menu, and what is found inside them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.find.text import Text
from portal.menu import ROOMS, has_room
from portal.settings_page import SETTINGS_PAGES
from shops.models import Membership, Role

MOST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A page that needs nothing but the shop."""

    name: str | Promise
    room: str | Promise
    """In which room it is; empty for a room itself."""
    url_name: str
    role: Role = Role.VIEWER


INSIDE: tuple[Place, ...] = (
    Place(name=_("New order"), room=_("Orders"), url_name="new_order", role=Role.EDITOR),
    Place(name=_("Import orders"), room=_("Orders"), url_name="new_import", role=Role.EDITOR),
    Place(name=_("Test parcels"), room=_("Orders"), url_name="test_parcels", role=Role.EDITOR),
    Place(name=_("Jobs"), room=_("Orders"), url_name="jobs"),
    Place(name=_("Saved views"), room=_("Shipments"), url_name="saved_filters"),
    Place(name=_("New campaign"), room=_("Campaigns"), url_name="new_campaign", role=Role.EDITOR),
    Place(name=_("Discounts"), room=_("Campaigns"), url_name="discounts"),
    Place(name=_("Rules of claims"), room=_("Claims"), url_name="claim_settings", role=Role.ADMIN),
    Place(name=_("Saved views"), room=_("Analytics"), url_name="saved_views"),
    Place(name=_("Events"), room=_("Webhooks"), url_name="events"),
    Place(name=_("Names of events"), room=_("Webhooks"), url_name="event_catalogue"),
    Place(name=_("New webhook"), room=_("Webhooks"), url_name="new_webhook", role=Role.ADMIN),
    Place(name=_("Check a signature"), room=_("Webhooks"), url_name="signature", role=Role.ADMIN),
    Place(name=_("Keyboard shortcuts"), room=_("Help"), url_name="shortcuts"),
)
PLACES = (
    *(Place(name=one.name, room="", url_name=one.key, role=one.role) for one in ROOMS),
    *INSIDE,
    *(
        Place(name=page.name, room=_("Settings"), url_name=page.url_name, role=Role.ADMIN)
        for page in SETTINGS_PAGES
        if not has_room(page.url_name)
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPlace:
    name: str
    room: str
    url: str


def find_places_by_text(member: Membership, text: Text) -> list[FoundPlace]:
    """Those whose names this member reads and may open, by how words of them begin."""
    words = [word.casefold() for word in text.words]
    return [
        FoundPlace(
            name=str(place.name),
            room=str(place.room),
            url=reverse(f"portal:{place.url_name}", args=[member.shop.slug]),
        )
        for place in PLACES
        if Role(member.role).includes(place.role) and _is_called(place, words)
    ][:MOST]


def _is_called(place: Place, words: list[str]) -> bool:
    parts = str(place.name).casefold().split()
    return bool(words) and all(any(part.startswith(word) for part in parts) for word in words)
