"""An examination: look, look again after a while at what seemed wrong, mend, and look once more."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import structlog

from common.trace import traced
from doctor.check import Check, InstallationCheck, Trouble
from shops.models import Shop

PAUSE = 3.0
"""Seconds between the two looks: longer than a transaction of ours lasts."""
MOST = 1_000
"""Troubles of one check in one shop that are told and mended; the next run finds the others."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a check found wrong, twice: in a shop, or (`shop` is None) in the installation."""

    check: Check | InstallationCheck
    shop: Shop | None
    troubles: Sequence[Trouble]
    mended: int = 0


def examine(
    shops: Sequence[Shop],
    of_shops: Sequence[Check],
    of_installation: Sequence[InstallationCheck],
    *,
    mends: bool = False,
    pause: float = PAUSE,
    told: Callable[[str], object] = str,
) -> Iterator[Finding]:
    """`told` hears of each check and shop once it was looked at."""
    suspicions = list(_first_look(shops, of_shops, of_installation, told))
    if suspicions:
        time.sleep(pause)
    for suspicion in suspicions:
        finding = _looked_at_again(suspicion)
        if finding.troubles:
            yield _mended(finding) if mends and finding.check.mend else finding


def _first_look(
    shops: Sequence[Shop],
    of_shops: Sequence[Check],
    of_installation: Sequence[InstallationCheck],
    told: Callable[[str], object],
) -> Iterator[Finding]:
    for installation_check in of_installation:
        troubles = list(installation_check.ask())
        told(installation_check.name)
        if troubles:
            yield Finding(check=installation_check, shop=None, troubles=troubles)
    for check in of_shops:
        for shop in shops:
            troubles = list(islice(check.look(shop), MOST))
            told(f"{check.name} {shop.slug}")
            if troubles:
                yield Finding(check=check, shop=shop, troubles=troubles)


def _looked_at_again(finding: Finding) -> Finding:
    subjects = {trouble.subject for trouble in finding.troubles}
    if isinstance(finding.check, InstallationCheck):
        found = [trouble for trouble in finding.check.ask() if trouble.subject in subjects]
    elif finding.shop is not None:
        found = finding.check.look_again(finding.shop, subjects)
    else:
        raise TypeError(f"{finding.check.name} is of shops, and none is given")
    return replace(finding, troubles=found)


def _mended(finding: Finding) -> Finding:
    """With what is left after the mending."""
    subjects = [trouble.subject for trouble in finding.troubles]
    with traced(actor="doctor", request_id=""):
        if isinstance(finding.check, InstallationCheck):
            count = finding.check.mend(subjects) if finding.check.mend else 0
        elif finding.shop is not None and finding.check.mend:
            count = finding.check.mend(finding.shop, subjects)
        else:
            count = 0
    log.warning(
        "doctor.mended",
        check=finding.check.name,
        shop=finding.shop.slug if finding.shop else None,
        subjects=subjects,
        count=count,
    )
    return replace(_looked_at_again(finding), mended=count)
