"""What stands where in the room of the numbers: its parts, their numbers and their charts."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.questions import Dimension
from portal.numbers.panels.bars import Bars, PartBars
from portal.numbers.panels.lines import Lines, LinesBy
from portal.numbers.panels.panel import Panel
from portal.numbers.panels.tables import Currencies, GroupTable

FIVE = (
    "delivery_success_rate",
    "average_delivery_time",
    "customer_satisfaction",
    "claim_rate",
    "revenue_per_order",
)
"""The numbers of the contract's section 9."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    key: str
    name: str | Promise
    about: str | Promise
    numbers: tuple[str, ...]
    panels: tuple[Panel, ...]
    has_target: bool = False
    """Whether it says how long deliveries should take at most."""


SPEED_PARTS = ("median", "p90", "over_target")

PARTS: tuple[Part, ...] = (
    Part(
        key="overview",
        name=_("Overview"),
        about=_("How orders of these days went, from the checkout to the next purchase."),
        numbers=(*FIVE, "orders", "shipments", "on_time_rate"),
        panels=(
            Lines(number="orders", title=_("How many orders were placed?")),
            Lines(number="average_delivery_time", title=_("How many days did parcels take?")),
            Bars(
                number="shipments",
                title=_("Where are the parcels now?"),
                by=Dimension.PHASE,
                most=12,
            ),
            Bars(number="shipments", title=_("Where did they go?"), by=Dimension.COUNTRY),
        ),
    ),
    Part(
        key="delivery",
        name=_("Delivery times"),
        about=_("How long parcels took, and whether they came when customers expected them."),
        numbers=(
            "average_delivery_time",
            "on_time_rate",
            "on_time_by_current_window",
            "first_attempt_rate",
            "delivery_success_rate",
        ),
        panels=(
            Lines(number="average_delivery_time", title=_("How many days did parcels take?")),
            Lines(number="on_time_rate", title=_("How many came on time?")),
            PartBars(
                number="average_delivery_time",
                title=_("How long is that in other terms?"),
                parts=(
                    "median",
                    "p90",
                    "business_mean",
                    "business_median",
                    "business_p90",
                    "from_order_mean",
                    "from_order_median",
                    "from_order_p90",
                ),
            ),
            Bars(
                number="average_delivery_time",
                title=_("And to each country?"),
                by=Dimension.COUNTRY,
            ),
            GroupTable(
                number="average_delivery_time",
                title=_("Which carrier takes how long to which country?"),
                is_wide=True,
                by=(Dimension.CARRIER, Dimension.COUNTRY),
                parts=SPEED_PARTS,
            ),
        ),
        has_target=True,
    ),
    Part(
        key="carriers",
        name=_("Carriers"),
        about=_("What each carrier made of the parcels it was given."),
        numbers=("shipments", "on_time_rate", "first_attempt_rate", "average_delivery_time"),
        panels=(
            GroupTable(
                number="carrier_scorecard",
                title=_("How does each carrier do?"),
                is_wide=True,
                by=(Dimension.CARRIER,),
                parts=(
                    "share_delivered",
                    "delivery_time",
                    "p90",
                    "over_target",
                    "on_time",
                    "first_attempt",
                    "satisfaction",
                    "claimed",
                ),
                value_title=_("Parcels"),
            ),
            LinesBy(
                number="average_delivery_time",
                title=_("Is a carrier getting slower?"),
                by=Dimension.CARRIER,
            ),
            LinesBy(
                number="on_time_rate",
                title=_("Is a carrier getting less punctual?"),
                by=Dimension.CARRIER,
            ),
        ),
    ),
    Part(
        key="claims",
        name=_("Claims"),
        about=_("What customers said was wrong."),
        numbers=("claim_rate", "claims"),
        panels=(
            Lines(number="claim_rate", title=_("How many orders had a claim?"), is_wide=True),
            Bars(number="claims", title=_("Why?"), by=Dimension.REASON),
            Bars(number="claims", title=_("About which products?"), by=Dimension.PRODUCT),
            Bars(number="claims", title=_("By which way?"), by=Dimension.FLOW),
            Bars(number="claims", title=_("Where was the parcel then?"), by=Dimension.PHASE),
            Bars(number="claim_rate", title=_("With which carrier?"), by=Dimension.CARRIER),
            Bars(number="claim_rate", title=_("In which country?"), by=Dimension.COUNTRY),
        ),
    ),
    Part(
        key="satisfaction",
        name=_("Satisfaction"),
        about=_("What customers thought of their deliveries, and whether they looked at them."),
        numbers=("customer_satisfaction", "page_open_rate", "page_engagement_rate"),
        panels=(
            Lines(number="customer_satisfaction", title=_("How many were satisfied?")),
            PartBars(
                number="customer_satisfaction",
                title=_("What did they give, from 1 to 5?"),
                parts=("rated_5", "rated_4", "rated_3", "rated_2", "rated_1"),
            ),
            Bars(
                number="customer_satisfaction",
                title=_("With which carrier?"),
                by=Dimension.CARRIER,
            ),
            Lines(number="page_open_rate", title=_("How many opened their tracking page?")),
        ),
    ),
    Part(
        key="revenue",
        name=_("Revenue"),
        about=_("What orders were worth, with the purchases that followed them."),
        numbers=("revenue_per_order", "revenue", "orders", "repeat_purchases"),
        panels=(
            Lines(number="revenue", title=_("What did the orders bring?")),
            Lines(number="revenue_per_order", title=_("What was an order worth?")),
            Currencies(number="revenue", title=_("In which currencies?")),
            Bars(number="revenue_per_order", title=_("In which country?"), by=Dimension.COUNTRY),
            Bars(number="revenue_per_order", title=_("In which segment?"), by=Dimension.SEGMENT),
        ),
    ),
    Part(
        key="campaigns",
        name=_("Campaigns"),
        about=_("What the tracking page’s campaigns brought back."),
        numbers=("repeat_purchases", "page_open_rate", "page_engagement_rate"),
        panels=(
            Lines(
                number="repeat_purchases",
                title=_("How many purchases did they bring?"),
                is_wide=True,
            ),
            GroupTable(
                number="repeat_purchases",
                title=_("Which campaign brought what?"),
                is_wide=True,
                by=(Dimension.CAMPAIGN,),
                parts=("revenue",),
            ),
        ),
    ),
)
BY_KEY = {part.key: part for part in PARTS}
