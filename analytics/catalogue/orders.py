"""Numbers of orders."""

from django.utils.translation import gettext_lazy as _

from analytics.answers import Unit
from analytics.catalogue.number import Measure, Number, Sum
from analytics.subjects.orders import DECIDED, KEPT, ORDERS

CANCELLED = _("cancelled before anything was sent")
UNPRICED = _("without a price, and so counted as 0")

NUMBERS = (
    Number(
        name="orders",
        title=_("Orders"),
        definition=_("Orders placed in the period."),
        formula=_("number of orders"),
        subject=ORDERS,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("orders")),
        numerator_label=_("orders"),
        excluded={"cancelled": CANCELLED},
        parts=(
            Measure(
                key="unsent", title=_("nothing sent yet"), unit=Unit.COUNT, numerator=Sum("unsent")
            ),
            Measure(
                key="on_their_way",
                title=_("still on their way"),
                unit=Unit.COUNT,
                numerator=Sum("on_their_way"),
            ),
        ),
        counted=KEPT,
    ),
    Number(
        name="delivery_success_rate",
        title=_("Delivery success rate"),
        definition=_(
            "Of the orders whose every parcel has been delivered, returned or given up, the share "
            "of those whose parcels were all delivered."
        ),
        formula=_("orders whose parcels were all delivered ÷ orders decided"),
        subject=ORDERS,
        measure=Measure(unit=Unit.SHARE, numerator=Sum("successful"), denominator=Sum("decided")),
        numerator_label=_("orders whose parcels were all delivered"),
        denominator_label=_("orders decided"),
        excluded={
            "cancelled": CANCELLED,
            "unsent": _("nothing was sent yet"),
            "on_their_way": _("still on their way"),
        },
        parts=(
            Measure(
                key="on_their_way",
                title=_("still on their way"),
                unit=Unit.COUNT,
                numerator=Sum("on_their_way"),
            ),
        ),
        counted=f"{KEPT} AND {DECIDED}",
        hit="failed = 0",
    ),
    Number(
        name="claim_rate",
        title=_("Claim rate"),
        definition=_("The share of orders with at least one claim."),
        formula=_("orders with a claim ÷ orders"),
        subject=ORDERS,
        measure=Measure(unit=Unit.SHARE, numerator=Sum("claimed"), denominator=Sum("orders")),
        numerator_label=_("orders with a claim"),
        denominator_label=_("orders"),
        excluded={"cancelled": CANCELLED},
        counted=KEPT,
        hit="is_claimed",
    ),
    Number(
        name="revenue_per_order",
        title=_("Revenue per order"),
        definition=_(
            "What all orders of the period brought, divided by the orders that no campaign of the "
            "tracking page brought: what an order is worth with the purchases that follow it."
        ),
        formula=_("total price of all orders ÷ orders that are no attributed repeat purchase"),
        subject=ORDERS,
        measure=Measure(
            unit=Unit.MONEY, numerator=Sum("revenue"), denominator=Sum("orders - repeat_orders")
        ),
        numerator_label=_("total price of all orders"),
        denominator_label=_("orders that are no attributed repeat purchase"),
        excluded={"cancelled": CANCELLED, "unpriced": UNPRICED},
        parts=(
            Measure(
                key="own",
                title=_("from the orders themselves"),
                unit=Unit.MONEY,
                numerator=Sum("revenue - repeat_revenue"),
                denominator=Sum("orders - repeat_orders"),
            ),
            Measure(
                key="repeat",
                title=_("from attributed repeat purchases"),
                unit=Unit.MONEY,
                numerator=Sum("repeat_revenue"),
                denominator=Sum("orders - repeat_orders"),
            ),
        ),
        counted=f"{KEPT} AND campaign = ''",
        of_numerator=KEPT,
    ),
    Number(
        name="revenue",
        title=_("Revenue"),
        definition=_("What the orders of the period brought."),
        formula=_("total price of all orders"),
        subject=ORDERS,
        measure=Measure(unit=Unit.MONEY, numerator=Sum("revenue")),
        numerator_label=_("total price of all orders"),
        excluded={"cancelled": CANCELLED, "unpriced": UNPRICED},
        parts=(
            Measure(
                key="repeat",
                title=_("from attributed repeat purchases"),
                unit=Unit.MONEY,
                numerator=Sum("repeat_revenue"),
            ),
        ),
        counted=KEPT,
    ),
    Number(
        name="repeat_purchases",
        title=_("Repeat purchases"),
        definition=_("Orders that a campaign on the tracking page brought."),
        formula=_("orders attributed to a campaign"),
        subject=ORDERS,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("repeat_orders")),
        numerator_label=_("orders attributed to a campaign"),
        excluded={"cancelled": CANCELLED},
        parts=(
            Measure(
                key="share",
                title=_("of all orders"),
                unit=Unit.SHARE,
                numerator=Sum("repeat_orders"),
                denominator=Sum("orders"),
            ),
            Measure(
                key="revenue",
                title=_("what they brought"),
                unit=Unit.MONEY,
                numerator=Sum("repeat_revenue"),
            ),
        ),
        counted=f"{KEPT} AND campaign <> ''",
    ),
    Number(
        name="page_open_rate",
        title=_("Open rate"),
        definition=_("The share of orders whose tracking page was opened."),
        formula=_("orders whose tracking page was opened ÷ orders"),
        subject=ORDERS,
        measure=Measure(unit=Unit.SHARE, numerator=Sum("opened"), denominator=Sum("orders")),
        numerator_label=_("orders whose tracking page was opened"),
        denominator_label=_("orders"),
        excluded={"cancelled": CANCELLED},
        counted=KEPT,
        hit="is_opened OR is_clicked",
    ),
    Number(
        name="page_engagement_rate",
        title=_("Engagement rate"),
        definition=_(
            "Of the orders whose tracking page was opened, those where something was clicked."
        ),
        formula=_(
            "orders with a click on the tracking page ÷ orders whose tracking page was opened"
        ),
        subject=ORDERS,
        measure=Measure(unit=Unit.SHARE, numerator=Sum("engaged"), denominator=Sum("opened")),
        numerator_label=_("orders with a click on the tracking page"),
        denominator_label=_("orders whose tracking page was opened"),
        excluded={"cancelled": CANCELLED},
        counted=f"{KEPT} AND (is_opened OR is_clicked)",
        hit="is_clicked",
    ),
)
