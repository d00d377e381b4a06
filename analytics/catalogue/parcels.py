"""Numbers of parcels: those that were sent to customers, of orders that were not cancelled."""

from django.utils.translation import gettext_lazy as _

from analytics.answers import Unit
from analytics.catalogue.number import (
    USUAL_GROUPS,
    Measure,
    Number,
    OverTarget,
    Percentile,
    Sum,
)
from analytics.questions import Dimension
from analytics.subjects.parcels import EXPECTED, MICROSECONDS_PER_DAY, PARCELS, PROMISED

NOT_DELIVERED = {
    "on_their_way": _("still on their way"),
    "failed": _("returned, or given up"),
}
MEAN = Measure(
    unit=Unit.DAYS,
    numerator=Sum("took"),
    denominator=Sum("timed"),
    scale=MICROSECONDS_PER_DAY,
)
ON_TIME = Measure(unit=Unit.SHARE, numerator=Sum("on_time"), denominator=Sum("promised"))
FIRST_ATTEMPT = Measure(unit=Unit.SHARE, numerator=Sum("first_attempt"), denominator=Sum("tried"))
SATISFACTION = Measure(
    unit=Unit.SHARE, numerator=Sum("rated_4 + rated_5"), denominator=Sum("rated")
)
OVER_TARGET = OverTarget(
    key="over_target",
    title=_("longer than the target"),
    calendar="hours",
    business="business_days",
)
MEDIAN = Percentile(key="median", title=_("median"), duration="hours", share=0.5)
P90 = Percentile(key="p90", title=_("9 of 10 within"), duration="hours", share=0.9)


def _as_part(measure: Measure, key: str, title: object) -> Measure:
    return Measure(
        key=key,
        title=title,
        unit=measure.unit,
        numerator=measure.numerator,
        denominator=measure.denominator,
        scale=measure.scale,
    )


NUMBERS = (
    Number(
        name="shipments",
        title=_("Parcels"),
        definition=_("Parcels sent of the orders placed in the period, wherever they are now."),
        formula=_("number of parcels with a tracking number"),
        subject=PARCELS,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("parcels")),
        numerator_label=_("parcels"),
        parts=(
            Measure(
                key="delivered",
                title=_("delivered"),
                unit=Unit.COUNT,
                numerator=Sum("delivered"),
            ),
            Measure(
                key="on_their_way",
                title=_("still on their way"),
                unit=Unit.COUNT,
                numerator=Sum("on_their_way"),
            ),
            Measure(
                key="failed",
                title=_("returned, or given up"),
                unit=Unit.COUNT,
                numerator=Sum("failed"),
            ),
        ),
        group_by=(*USUAL_GROUPS, Dimension.PHASE, Dimension.FLAG),
    ),
    Number(
        name="average_delivery_time",
        title=_("Average delivery time"),
        definition=_(
            "From the sending of a parcel to its delivery, on average. Business days are Mondays "
            "to Fridays that are no public holiday in the shop’s country."
        ),
        formula=_("sum of (delivered at − sent at) ÷ parcels delivered"),
        subject=PARCELS,
        measure=MEAN,
        numerator_label=_("days in all"),
        denominator_label=_("parcels delivered"),
        excluded={
            **NOT_DELIVERED,
            "mistimed": _("delivered before they were sent, by their dates, or at no known time"),
        },
        parts=(
            MEDIAN,
            P90,
            Measure(
                key="business_mean",
                title=_("average in business days"),
                unit=Unit.DAYS,
                numerator=Sum("took_business_days"),
                denominator=Sum("timed"),
            ),
            Percentile(
                key="business_median",
                title=_("median in business days"),
                duration="business_days",
                share=0.5,
                buckets_per_day=1,
            ),
            Percentile(
                key="business_p90",
                title=_("9 of 10 within, in business days"),
                duration="business_days",
                share=0.9,
                buckets_per_day=1,
            ),
            Measure(
                key="from_order_mean",
                title=_("average from the order on"),
                unit=Unit.DAYS,
                numerator=Sum("order_took"),
                denominator=Sum("order_timed"),
                scale=MICROSECONDS_PER_DAY,
            ),
            Percentile(
                key="from_order_median",
                title=_("median from the order on"),
                duration="order_hours",
                share=0.5,
            ),
            Percentile(
                key="from_order_p90",
                title=_("9 of 10 within, from the order on"),
                duration="order_hours",
                share=0.9,
            ),
            Measure(
                key="from_order_business_mean",
                title=_("average from the order on, in business days"),
                unit=Unit.DAYS,
                numerator=Sum("order_took_business_days"),
                denominator=Sum("order_timed"),
            ),
            Percentile(
                key="from_order_business_median",
                title=_("median from the order on, in business days"),
                duration="order_business_days",
                share=0.5,
                buckets_per_day=1,
            ),
            Percentile(
                key="from_order_business_p90",
                title=_("9 of 10 within, from the order on, in business days"),
                duration="order_business_days",
                share=0.9,
                buckets_per_day=1,
            ),
            OVER_TARGET,
        ),
        counted="is_timed",
    ),
    Number(
        name="on_time_rate",
        title=_("On time"),
        definition=_(
            "Of the delivered parcels for which customers were told a window, the share that came "
            "by the end of the first one they were told."
        ),
        formula=_("parcels delivered by the end of their first window ÷ parcels with a window"),
        subject=PARCELS,
        measure=ON_TIME,
        numerator_label=_("parcels delivered by the end of their first window"),
        denominator_label=_("delivered parcels with a window"),
        excluded={**NOT_DELIVERED, "unpromised": _("no window was told")},
        parts=(
            Measure(
                key="current",
                title=_("by the last window told"),
                unit=Unit.SHARE,
                numerator=Sum("as_expected"),
                denominator=Sum("expected"),
            ),
        ),
        counted=PROMISED,
        hit="delivered_at <= promised_end",
    ),
    Number(
        name="on_time_by_current_window",
        title=_("On time by the last window"),
        definition=_("Delivered by the end of the window that was told last."),
        formula=_("parcels delivered by the end of their last window ÷ parcels with a window"),
        subject=PARCELS,
        measure=Measure(unit=Unit.SHARE, numerator=Sum("as_expected"), denominator=Sum("expected")),
        numerator_label=_("parcels delivered by the end of their last window"),
        denominator_label=_("delivered parcels with a window"),
        excluded={**NOT_DELIVERED, "unexpected": _("no window was told")},
        counted=EXPECTED,
        hit="delivered_at <= expected_end",
    ),
    Number(
        name="first_attempt_rate",
        title=_("Delivered at the first attempt"),
        definition=_(
            "Of the parcels that were delivered or that a carrier tried to deliver in vain, the "
            "share delivered without any attempt in vain."
        ),
        formula=_("parcels delivered without an attempt in vain ÷ parcels delivered or tried"),
        subject=PARCELS,
        measure=FIRST_ATTEMPT,
        numerator_label=_("parcels delivered without an attempt in vain"),
        denominator_label=_("parcels delivered, or tried in vain"),
        excluded={"untried": _("neither delivered nor tried yet")},
        counted="is_delivered OR is_tried_in_vain",
        hit="NOT is_tried_in_vain",
    ),
    Number(
        name="customer_satisfaction",
        title=_("Customer satisfaction"),
        definition=_("Of the ratings from 1 to 5 that customers gave, the share of 4 and 5."),
        formula=_("ratings of 4 and 5 ÷ ratings"),
        subject=PARCELS,
        measure=SATISFACTION,
        numerator_label=_("ratings of 4 and 5"),
        denominator_label=_("ratings"),
        excluded={"unrated": _("parcels that nobody rated")},
        parts=tuple(
            Measure(
                key=f"rated_{score}",
                title=title,
                unit=Unit.COUNT,
                numerator=Sum(f"rated_{score}"),
            )
            for score, title in (
                (5, _("ratings of 5")),
                (4, _("ratings of 4")),
                (3, _("ratings of 3")),
                (2, _("ratings of 2")),
                (1, _("ratings of 1")),
            )
        ),
        beside=("page_open_rate", "page_engagement_rate"),
        counted="score IS NOT NULL",
        hit="score >= 4",
    ),
    Number(
        name="carrier_scorecard",
        title=_("Carriers"),
        definition=_(
            "Each carrier’s parcels, how fast and how reliably they came, and what customers said."
        ),
        formula=_("number of parcels with a tracking number"),
        subject=PARCELS,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("parcels")),
        numerator_label=_("parcels"),
        parts=(
            Measure(
                key="share_delivered",
                title=_("delivered, of those decided"),
                unit=Unit.SHARE,
                numerator=Sum("delivered"),
                denominator=Sum("delivered + failed"),
            ),
            _as_part(MEAN, "delivery_time", _("average delivery time")),
            MEDIAN,
            P90,
            OVER_TARGET,
            _as_part(ON_TIME, "on_time", _("on time")),
            _as_part(FIRST_ATTEMPT, "first_attempt", _("at the first attempt")),
            _as_part(SATISFACTION, "satisfaction", _("satisfied customers")),
            Measure(
                key="claimed",
                title=_("with a claim"),
                unit=Unit.SHARE,
                numerator=Sum("claimed"),
                denominator=Sum("parcels"),
            ),
        ),
        leads_with_groups=(Dimension.CARRIER,),
    ),
)
