"""Which carrier a tracking number belongs to, how sure that is, and why.

Evidence is counted in odds. The form of the number gives each carrier odds against anybody else
(`numbers.toml`); what the shop calls the carrier multiplies them (`names.toml`). A carrier's
confidence is its share of all odds, where 1 stands for everybody else. The figures are judged by
`make bench ARGS=carriers`.
"""

from typing import NamedTuple

from shipments import carrier_reasons as reasons
from shipments.carriers import CARRIERS
from shipments.matching.names import Named, Says, read_name, unseen_odds
from shipments.matching.numbers import LONGEST, Fit, fits, plain

CERTAIN_ENOUGH = 0.8
"""Below, the answer is that nobody knows: a wrong carrier is worse than none."""

AT_MOST = 0.99
"""No match is beyond doubt; 1 is for what a shop or a person said."""

AT_MOST_BY_NAME = 0.89
"""Where only the shop's words speak for the carrier: no number that fits it, or a mistyped one."""

WORTH_NAMING = 0.05
MOST_CANDIDATES = 5

_ELSE = {Says.NOTHING: 1.0, Says.OURS: 1.0, Says.UNKNOWN: 3.0, Says.ANOTHER: 60.0}
"""The odds of everybody else, by what the text says."""

QUOTED = 40
"""Characters of the shop's text in a reason."""


class Candidate(NamedTuple):
    carrier_reference: str
    confidence: float
    reason: str


class Match(NamedTuple):
    carrier_reference: str | None
    """None where no candidate is certain enough."""
    confidence: float
    """0–1; 0 where there is no carrier."""
    reason: str
    """A sentence for a person in English, without its full stop; `reason_words` says it in other
    languages."""
    candidates: tuple[Candidate, ...]
    """At most five, the likeliest first."""


def match(tracking_number: str, *, tracking_company: str = "", country_code: str = "") -> Match:
    """The carrier of a tracking number; never raises, whatever the texts are.

    `tracking_company` is what the shop calls the carrier, `country_code` where the parcel goes
    (ISO 3166-1 alpha-2; anything else counts as not known).
    """
    number = plain(tracking_number) if len(tracking_number) <= 2 * LONGEST else ""
    country = country_code.strip().upper() if len(country_code) <= LONGEST else ""
    country = country if len(country) == 2 else ""
    best: dict[str, Fit] = {}
    for fit in fits(number, country):
        carrier = fit.rule.carrier
        if carrier not in best or fit.odds > best[carrier].odds:
            best[carrier] = fit
    named = read_name(tracking_company)
    odds = {reference: fit.odds for reference, fit in best.items()}
    for reference, times in named.odds.items():
        odds[reference] = times * odds.get(reference, unseen_odds(reference, country))
    return _decide(odds, best, named, tracking_company, country)


def _decide(
    odds: dict[str, float], best: dict[str, Fit], named: Named, company: str, country: str
) -> Match:
    total = sum(odds.values()) + _ELSE[named.says]
    ranked = sorted(odds, key=lambda reference: (-odds[reference], reference))
    candidates = tuple(
        Candidate(
            carrier_reference=reference,
            confidence=confidence,
            reason=_reason(reference, best.get(reference), named, company, country),
        )
        for reference in ranked[:MOST_CANDIDATES]
        if (confidence := _confidence(odds[reference] / total, best.get(reference))) >= WORTH_NAMING
    )
    if candidates and candidates[0].confidence >= CERTAIN_ENOUGH:
        first = candidates[0]
        return Match(
            carrier_reference=first.carrier_reference,
            confidence=first.confidence,
            reason=first.reason,
            candidates=candidates,
        )
    reason = _reason_for_nobody(candidates, named, company)
    return Match(carrier_reference=None, confidence=0, reason=reason, candidates=candidates)


def _confidence(share: float, fit: Fit | None) -> float:
    return min(AT_MOST if fit and not fit.is_wrong else AT_MOST_BY_NAME, round(share, 3))


def _reason(reference: str, fit: Fit | None, named: Named, company: str, country: str) -> str:
    parts = [_form(fit)] if fit else []
    if fit and fit.is_sent_home:
        parts.append(reasons.SENT_HOME.said(country=country))
    if reference in named.odds:
        name = CARRIERS[reference].name
        if named.is_misspelt:
            parts.append(reasons.READS_LIKE.said(company=_quoted(company), carrier=name))
        elif reference != named.first:
            parts.append(reasons.MAY_MEAN.said(company=_quoted(company), carrier=name))
        elif fit and not fit.is_wrong:
            parts.append(reasons.SAYS_THE_SAME.said(company=_quoted(company)))
        else:
            parts.append(reasons.MEANS.said(company=_quoted(company), carrier=name))
        if not fit:
            parts.append(reasons.NO_FORM_OF_ITS)
    elif named.first or named.says is Says.ANOTHER:
        parts.append(reasons.SAYS_OTHERWISE.said(company=_quoted(company)))
    return reasons.reason_of(parts)


def _form(fit: Fit) -> str:
    if fit.is_wrong:
        return reasons.WRONG_CHECK.said(form=fit.rule.what)
    if fit.is_checked:
        return reasons.CHECKED.said(form=fit.rule.what)
    return reasons.BY_FORM.said(form=fit.rule.what)


def _reason_for_nobody(candidates: tuple[Candidate, ...], named: Named, company: str) -> str:
    if candidates:
        names = [CARRIERS[candidate.carrier_reference].name for candidate in candidates[:3]]
        parts = [reasons.NOT_CERTAIN.said(carriers=reasons.either(names))]
    else:
        parts = [reasons.NO_FORM]
    if named.says is Says.ANOTHER:
        parts.append(reasons.NONE_OF_OURS.said(company=_quoted(company)))
    elif named.says is Says.UNKNOWN:
        parts.append(reasons.NAMES_NOBODY.said(company=_quoted(company)))
    return reasons.reason_of(parts)


def _quoted(company: str) -> str:
    text = " ".join(company.split())
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
