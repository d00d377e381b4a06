"""The effect of a campaign as its page tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.choice import Variant
from campaigns.lift import Difference, Share, Verdict
from campaigns.models import Campaign
from campaigns.results import Effect
from portal.campaigns.words import (
    ComparisonBar,
    bar_of,
    difference_words,
    interval_words,
    percent,
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """One row of the table."""

    name: str
    share: Share
    rate: str
    interval: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    title: str
    verdict: str
    sentence: str
    bar: ComparisonBar | None


def groups(effect: Effect, campaign: Campaign, *, has_b: bool) -> list[Group]:
    names = {Variant.A: _("Saw variant A") if has_b else _("Saw it")}
    if has_b:
        names[Variant.B] = _("Saw variant B")
    if _has_holdout(effect, campaign):
        names[Variant.HOLDOUT] = _("Held out")
    return [_group(name, effect.by_variant[variant]) for variant, name in names.items()]


def comparisons(effect: Effect, campaign: Campaign, *, has_b: bool) -> list[Comparison]:
    found = []
    if _has_holdout(effect, campaign):
        found.append(
            _comparison(
                _("What it adds"),
                effect.lift,
                effect.days,
                mine=_("those who saw it"),
                other=_("those held out"),
            )
        )
    if has_b:
        found.append(
            _comparison(
                _("B against A"),
                effect.b_against_a,
                effect.days,
                mine=_("those who saw B"),
                other=_("those who saw A"),
            )
        )
    return found


def _has_holdout(effect: Effect, campaign: Campaign) -> bool:
    return campaign.holdout_percent > 0 or effect.by_variant[Variant.HOLDOUT].whole > 0


def _comparison(
    title: str, difference: Difference, days: int, *, mine: str, other: str
) -> Comparison:
    is_known = difference.verdict in (Verdict.MORE, Verdict.FEWER)
    return Comparison(
        title=title,
        verdict=str(difference.verdict.label) if is_known else "",
        sentence=difference_words(difference, days=days, mine=mine, other=other),
        bar=bar_of(difference),
    )


def _group(name: str, share: Share) -> Group:
    return Group(
        name=name,
        share=share,
        rate=percent(share.value),
        interval=interval_words(share.interval()) if share.whole else "–",
    )
