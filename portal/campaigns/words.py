"""Results as people say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from campaigns.lift import FEWEST, Difference, Verdict
from portal.templatetags.moments import current_locale
from portal.templatetags.money import money

DASH = "–"
MINUS = "−"


def percent(share: float | None) -> str:
    """“12.3 %”."""
    return DASH if share is None else f"{_decimal(share)} %"


def interval_words(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{_decimal(low)} – {_decimal(high)} %"


def revenue_words(revenue: Mapping[str, Decimal]) -> str:
    """By currency, never added together."""
    return ", ".join(money(amount, code) for code, amount in sorted(revenue.items())) or DASH


@dataclass(frozen=True, kw_only=True)
class ComparisonBar:
    """The interval of a difference, drawn: in a view box of WIDTH units with zero in its middle."""

    zero: float
    low: float
    high: float
    value: float
    most: str
    """What stands at the ends, in points."""


BAR_WIDTH = 320


def bar_of(difference: Difference) -> ComparisonBar | None:
    if difference.value is None or difference.verdict is Verdict.TOO_FEW:
        return None
    low, high = difference.interval()
    most = max(abs(low), abs(high), 0.01) * 1.1

    def place(value: float) -> float:
        return round(BAR_WIDTH / 2 * (1 + value / most), 1)

    return ComparisonBar(
        zero=place(0),
        low=place(low),
        high=place(high),
        value=place(difference.value),
        most=_decimal(most),
    )


def difference_words(difference: Difference, *, days: int, mine: str, other: str) -> str:
    """A sentence; `mine` and `other` say who is compared, such as “those who saw it”."""
    if difference.verdict is Verdict.TOO_FEW:
        return _(
            "Too few to say: it takes at least %(fewest)s customers in each group, whose "
            "%(days)s days have passed."
        ) % {"fewest": FEWEST, "days": days}
    low, high = difference.interval()
    facts = {
        "mine": mine,
        "share": percent(difference.of.value),
        "other": other,
        "other_share": percent(difference.against.value),
        "days": days,
        "points": _points(difference.value or 0.0),
        "low": _points(low),
        "high": _points(high),
    }
    said = _(
        "Of %(mine)s %(share)s bought again within %(days)s days, of %(other)s %(other_share)s: "
        "%(points)s points (95 %% interval: %(low)s to %(high)s)."
    )
    if difference.verdict is Verdict.UNCLEAR:
        said = said + " " + _("The difference may be chance.")
    return said % facts


def _points(value: float) -> str:
    return f"{'+' if value > 0 else ''}{_decimal(value)}".replace("-", MINUS)


def _decimal(share: float) -> str:
    return format_decimal(round(share * 100, 1), format="0.0", locale=current_locale())
