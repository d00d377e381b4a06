"""What a seeded order's customer does on its tracking page: opens it, clicks, rates, complains.

It hangs on how the parcels fared: late and failed ones are looked at more often, rated lower and
complained of more.
"""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from campaigns.choice import Variant, variant_of
from campaigns.models import Campaign
from claims.models import Flow
from common.rows import Row
from engagement.models import ActionKind
from seeding.campaigns import fitting
from seeding.customers import pick
from seeding.fates import Fate
from seeding.stories import Story
from shipments.models import Shipment

OPENED = 0.64
OPENED_IN_TROUBLE = 0.86
CLICKED_CARRIER = 0.24
CLICKED_FOOTER = 0.03
CLICKED_CAMPAIGN = {"a": 0.08, "b": 0.11}
RATED = 0.16
COMMENTED = 0.3
SCORES: dict[Fate, tuple[float, ...]] = {
    Fate.SMOOTH: (0.03, 0.05, 0.13, 0.37),
    Fate.SECOND_TRY: (0.08, 0.18, 0.38, 0.66),
    Fate.LATE: (0.2, 0.38, 0.6, 0.82),
    Fate.DAMAGED: (0.5, 0.75, 0.88, 0.95),
    Fate.RETURNED: (0.55, 0.78, 0.9, 0.96),
}
"""How many give at most 1, 2, 3, 4; the rest gives 5."""


class Page:
    """The tracking page of one order, as its customer used it until `until`."""

    def __init__(self, story: Story, rng: Random, *, until: datetime) -> None:
        self.story = story
        self.chance = rng.random
        self.rng = rng
        self.until = until
        self.actions: list[Row] = []
        self.ratings: list[Row] = []

    def visit(self, fates: Sequence[tuple[Shipment, Fate]], campaigns: Sequence[Campaign]) -> bool:
        """Opened soon after the first parcel was sent; answers whether it was opened at all."""
        in_trouble = any(fate is not Fate.SMOOTH for _, fate in fates)
        sent_at = min(shipment.tracking_placed_at or self.until for shipment, _ in fates)
        at = sent_at + timedelta(seconds=int(900 + self.chance() ** 3 * 60 * 3600))
        if self.chance() >= (OPENED_IN_TROUBLE if in_trouble else OPENED) or at >= self.until:
            return False
        times = 1 + int(self.chance() ** 3 * (14 if in_trouble else 7))
        last = at + timedelta(seconds=int((times - 1) * (3 + self.chance() * 20) * 3600))
        self._act(ActionKind.OPENED, "", at, last=min(last, self._end), times=times)
        if self.chance() < CLICKED_CARRIER:
            self._act(ActionKind.CLICKED, "carrier_link", at + timedelta(seconds=20))
        if self.chance() < CLICKED_FOOTER:
            self._act(ActionKind.CLICKED, "footer_link", at + timedelta(seconds=45))
        self._see(fitting(campaigns, self.story.order.segments, at), at, times)
        return True

    def rate(self, shipment: Shipment, fate: Fate) -> None:
        if self.chance() >= (RATED if fate is Fate.SMOOTH else 2 * RATED):
            return
        arrived_at = shipment.delivered_at or shipment.phase_since or self.until
        at = arrived_at + timedelta(seconds=int(600 + self.chance() ** 2 * 90 * 3600))
        if at >= self.until:
            return
        draw = self.chance()
        score = 1 + sum(draw >= end for end in SCORES[fate])
        mood = "pleased" if score > 3 else "so_so" if score == 3 else "cross"
        self.ratings.append(
            {
                "id": self.story.ids.at(at),
                "shop_id": shipment.shop_id,
                "order_id": shipment.order_id,
                "shipment_id": shipment.id,
                "score": score,
                "comment": self.words(mood) if self.chance() < COMMENTED else "",
                "created_at": at,
                "updated_at": at,
            }
        )

    def begin_claim(self, at: datetime) -> None:
        """The link to the claim's form; once more for another parcel of the order."""
        clicked_at = at - timedelta(minutes=3)
        for action in self.actions:
            if action["element"] == "claim":
                action["times"] += 1
                action["first_at"] = min(action["first_at"], clicked_at)
                action["last_at"] = max(action["last_at"], clicked_at)
                return
        self._act(ActionKind.CLICKED, "claim", clicked_at)

    def words(self, what: str | Flow) -> str:
        texts = _WORDS.get(self.story.language, _WORDS["en"])
        return pick(self.rng, texts[str(what)])

    def _see(self, campaign: Campaign | None, at: datetime, times: int) -> None:
        if campaign is None:
            return
        shown = variant_of(campaign, self.story.order.id)
        self._act(ActionKind.SHOWN, "campaign", at, times=times, of=(campaign.id, shown))
        if shown is not Variant.HOLDOUT and self.chance() < CLICKED_CAMPAIGN[shown]:
            clicked_at = at + timedelta(seconds=30)
            self._act(ActionKind.CLICKED, "campaign", clicked_at, of=(campaign.id, shown))

    @property
    def _end(self) -> datetime:
        return self.until - timedelta(seconds=1)

    def _act(
        self,
        kind: ActionKind,
        element: str,
        at: datetime,
        *,
        last: datetime | None = None,
        times: int = 1,
        of: tuple[UUID | None, str] = (None, ""),
    ) -> None:
        if at >= self.until:
            return
        campaign_id, shown = of
        self.actions.append(
            {
                "id": self.story.ids.at(at),
                "shop_id": self.story.order.shop_id,
                "order_id": self.story.order.id,
                "kind": kind,
                "element": element,
                "campaign_id": campaign_id,
                "variant": shown,
                "first_at": at,
                "last_at": last or at,
                "times": times,
            }
        )


_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("reactions.toml").read_text(encoding="utf-8")
)
