"""An examination: look, look again after a while at what seemed wrong, mend, and look once more."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

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
    cut_off: str = ""
    """Why it could not be looked at, or mended, to the end."""


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
        finding = suspicion if suspicion.cut_off else _looked_at_again(suspicion)
        if finding.troubles and finding.check.mend and mends:
            yield _mended(finding)
        elif finding.troubles or finding.cut_off:
            yield finding


def _first_look(
    shops: Sequence[Shop],
    of_shops: Sequence[Check],
    of_installation: Sequence[InstallationCheck],
    told: Callable[[str], object],
) -> Iterator[Finding]:
    places: list[tuple[Check | InstallationCheck, Shop | None]] = [
        *((check, None) for check in of_installation),
        *((check, shop) for check in of_shops for shop in shops),
    ]
    for check, shop in places:
        finding = _unless_cut_off(Finding(check=check, shop=shop, troubles=[]), _looked_at)
        told(f"{check.name} {shop.slug}" if shop else check.name)
        if finding.troubles or finding.cut_off:
            yield finding


def _unless_cut_off(finding: Finding, look: Callable[[Finding], Sequence[Trouble]]) -> Finding:
    """What breaks off a statement ends this look only: a limit, the end of its connection, or a
    table that is not there."""
    try:
        return replace(finding, troubles=look(finding))
    except (DatabaseError, InterfaceError) as error:
        connection.close_if_unusable_or_obsolete()
        return replace(finding, troubles=[], cut_off=str(error).strip())


def _looked_at_again(finding: Finding) -> Finding:
    return _unless_cut_off(finding, _still_there)


def _looked_at(finding: Finding) -> list[Trouble]:
    if isinstance(finding.check, InstallationCheck):
        return list(finding.check.ask())
    return list(islice(finding.check.look(_shop_of(finding)), MOST))


def _still_there(finding: Finding) -> list[Trouble]:
    subjects = {trouble.subject for trouble in finding.troubles}
    if isinstance(finding.check, InstallationCheck):
        return [trouble for trouble in finding.check.ask() if trouble.subject in subjects]
    return finding.check.look_again(_shop_of(finding), subjects)


def _shop_of(finding: Finding) -> Shop:
    if finding.shop is None:
        raise TypeError(f"{finding.check.name} is of shops, and none is given")
    return finding.shop


def _mended(finding: Finding) -> Finding:
    """With what is left after the mending."""
    subjects = [trouble.subject for trouble in finding.troubles]
    try:
        with traced(actor="doctor", request_id=""):
            if isinstance(finding.check, InstallationCheck):
                count = finding.check.mend(subjects) if finding.check.mend else 0
            else:
                count = finding.check.mend(_shop_of(finding), subjects) if finding.check.mend else 0
    except OperationalError as error:  # a table that is in use, or the end of the connection
        connection.close_if_unusable_or_obsolete()
        return replace(finding, cut_off=str(error).strip())
    log.warning(
        "doctor.mended",
        check=finding.check.name,
        shop=finding.shop.slug if finding.shop else None,
        subjects=subjects,
        count=count,
    )
    return replace(_looked_at_again(finding), mended=count)
