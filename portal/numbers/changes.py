"""What changed against another period: by how much, which way, and whether that is good."""

from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _

from analytics.answers import Amount, Compared, Unit
from portal.numbers.amounts import words_after_from, words_of
from portal.numbers.spans import span_words
from portal.templatetags.moments import current_locale

LESS_IS_BETTER = frozenset({"claim_rate", "average_delivery_time", "claims", "anomalies"})
NEITHER_IS_BETTER = frozenset({"orders", "shipments", "carrier_scorecard"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    words: str
    """“4.1 points”, “12%”."""
    direction: str
    """up, down, or same."""
    tone: str
    """better, worse, or empty where it is neither."""
    before: str
    """What it was, as it stands after “from”."""
    when: str
    """Of which days."""


def change_of(
    number: str, unit: Unit, value: Amount | None, compared: Compared | None, currency: str
) -> Change | None:
    """None where one of the two is not known."""
    if compared is None or compared.value is None or value is None:
        return None
    now, before = float(value), float(compared.value)
    by = now - before if unit is Unit.SHARE else (now / before - 1 if before else None)
    if by is None:
        return None
    was = words_of(compared.value, unit, currency)
    by = 0.0 if was == words_of(value, unit, currency) else round(by, 3)
    return Change(
        words=_points(by) if unit is Unit.SHARE else _percent(by),
        direction="up" if by > 0 else "down" if by < 0 else "same",
        tone=_tone(number, by),
        before=words_after_from(compared.value, unit, currency),
        when=span_words(compared.from_, compared.to),
    )


def _tone(number: str, by: float) -> str:
    if by == 0 or number in NEITHER_IS_BETTER:
        return ""
    return "better" if (by < 0) == (number in LESS_IS_BETTER) else "worse"


def _points(by: float) -> str:
    """Shares differ by points of a hundred, not by per cent of themselves."""
    return _("%s points") % format_decimal(round(abs(by) * 100, 1), locale=current_locale())


def _percent(by: float) -> str:
    said = round(abs(by), 3 if abs(by) < 0.1 else 2)
    return format_percent(said, locale=current_locale(), decimal_quantization=False)
