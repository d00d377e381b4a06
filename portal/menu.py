"""The rooms of a shop, one row for each, in the order of the menu."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shops.models import Membership, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    key: str
    """What follows the shop in its URLs, the name of its URL, and `room` in its pages' contexts."""
    name: str | Promise
    icon: str
    """Of static/icons/sprite.svg."""
    role: Role = Role.VIEWER
    """Of those who find it."""
    also: tuple[str, ...] = ()
    """What else follows the shop in the URLs of its pages; two steps go before one."""
    is_until_set_up: bool = False
    """There only while the shop is new (`portal.setup`)."""
    is_in_bar: bool = False
    """Also at the bottom of phones, where four have room; the others are under “More” there."""


ROOMS: tuple[Room, ...] = (
    Room(key="shop", name=_("Home"), icon="home", also=("", "attention"), is_in_bar=True),
    Room(key="setup", name=_("Set up"), icon="check", role=Role.ADMIN, is_until_set_up=True),
    Room(
        key="orders",
        name=_("Orders"),
        icon="orders",
        also=("orders.csv", "orders.xlsx", "test-parcels", "jobs"),
        is_in_bar=True,
    ),
    Room(key="shipments", name=_("Shipments"), icon="parcel", is_in_bar=True),
    Room(
        key="delivery_times", name=_("Delivery times"), icon="clock", also=("analytics/delivery",)
    ),
    Room(
        key="campaigns",
        name=_("Campaigns"),
        icon="campaign",
        also=("discounts",),
    ),
    Room(key="claims", name=_("Claims"), icon="claim", is_in_bar=True),
    Room(
        key="analytics",
        name=_("Analytics"),
        icon="chart",
        also=("analytics-views", "numbers"),
    ),
    Room(key="feeds", name=_("Feeds"), icon="feeds", role=Role.ADMIN),
    Room(key="events", name=_("Events"), icon="events"),
    Room(key="webhooks", name=_("Webhooks"), icon="webhook", role=Role.ADMIN),
    Room(key="notices", name=_("Notices"), icon="bell", role=Role.ADMIN),
    Room(key="mails", name=_("Mails"), icon="mail", role=Role.EDITOR, also=("notices/mails",)),
    Room(
        key="settings",
        name=_("Settings"),
        icon="office",
        also=(
            "members",
            "invitations",
            "keys",
            "audit",
            "tracking-page",
            "further-shop",
            "customer-data",
            "retention",
        ),
        role=Role.ADMIN,
    ),
)


MOST_COUNTED = 99
"""Of what waits in a room; more than these are “99+”."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuItem:
    room: Room
    url: str
    waiting: int
    """How much there needs attention."""

    @property
    def waiting_words(self) -> str:
        return f"{MOST_COUNTED}+" if self.waiting > MOST_COUNTED else str(self.waiting)


def menu_of(member: Membership, waiting: Mapping[str, int]) -> list[MenuItem]:
    """What this member may enter."""
    return [
        MenuItem(
            room=room,
            url=reverse(f"portal:{room.key}", args=[member.shop.slug]),
            waiting=waiting.get(room.key, 0),
        )
        for room in ROOMS
        if Role(member.role).includes(room.role)
        and not (room.is_until_set_up and member.shop.setup_ended_at)
    ]


def has_room(key: str) -> bool:
    return any(room.key == key for room in ROOMS)


def room_of(path: str) -> Room:
    """To which room the page, or the file, at this path of the URL belongs."""
    steps = path.split("/")[3:]
    part = "".join(steps[:1]).partition(".")[0]
    for name in ("/".join(steps[:2]), part):
        for room in ROOMS:
            if name in (room.key, *room.also):
                return room
    return ROOMS[0]
