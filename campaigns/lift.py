"""How much more one share is than another, and how sure that is.

Shares have Wilson's score interval (E. B. Wilson, 1927), their difference Newcombe's hybrid score
interval (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). Both hold for small numbers
and for shares near zero, where the textbook's normal approximation does not.
"""

from dataclasses import dataclass
from math import sqrt

from django.db import models
from django.utils.translation import gettext_lazy as _

Z = 1.959963984540054
"""Of 95 %, both sides."""
FEWEST = 30
"""Customers in an arm; below, nothing is said of a difference."""


class Verdict(models.TextChoices):
    TOO_FEW = "too_few", _("Too few to say")
    UNCLEAR = "unclear", _("No difference that could not be chance")
    MORE = "more", _("More")
    FEWER = "fewer", _("Fewer")


@dataclass(frozen=True, kw_only=True)
class Share:
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def interval(self) -> tuple[float, float]:
        """From 0 to 1 where nothing is known."""
        if not self.whole:
            return 0.0, 1.0
        share, size = self.part / self.whole, self.whole
        centre = share + Z * Z / (2 * size)
        half = Z * sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
        low, high = ((centre + sign * half) / (1 + Z * Z / size) for sign in (-1, 1))
        return max(0.0, low), min(1.0, high)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The share of `of` less that of `against`."""

    of: Share
    against: Share

    @property
    def value(self) -> float | None:
        mine, other = self.of.value, self.against.value
        return None if mine is None or other is None else mine - other

    def interval(self) -> tuple[float, float]:
        if self.value is None:
            return -1.0, 1.0
        mine, other = self.of.value or 0.0, self.against.value or 0.0
        (low, high), (other_low, other_high) = self.of.interval(), self.against.interval()
        return (
            self.value - sqrt((mine - low) ** 2 + (other_high - other) ** 2),
            self.value + sqrt((high - mine) ** 2 + (other - other_low) ** 2),
        )

    @property
    def verdict(self) -> Verdict:
        if min(self.of.whole, self.against.whole) < FEWEST:
            return Verdict.TOO_FEW
        low, high = self.interval()
        if low > 0:
            return Verdict.MORE
        return Verdict.FEWER if high < 0 else Verdict.UNCLEAR
