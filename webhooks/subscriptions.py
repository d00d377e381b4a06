"""What a webhook is told of: `enabled_events` (the contract's section 5).

    *                                           everything
    shipments/in_delivery/DELIVERY_ATTEMPTED    a path, or how one starts, segment by segment
    shipment_delivered                          a group

A name of the shop's own, which the catalogue does not have, is told to `*` only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from events.models import Source
from shipments.catalogue.groups import GROUPS as SHIPMENT_GROUPS
from shipments.catalogue.meanings import MEANINGS, NAMES
from shipments.phases import Phase

EVERYTHING = "*"

GROUPS = (
    "order_placed",
    "order_updated",
    "order_fulfilled",
    "order_cancelled",
    "claim_created",
    "claim_updated",
    *SHIPMENT_GROUPS,
)

_SECOND = {
    "orders": {"placed", "updated", "fulfilled", "cancelled"},
    "claims": {"created", "updated"},
    "shipments": set(Phase.values),
}
_NAMES = frozenset(NAMES)


def _read() -> Mapping[str, Mapping[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for meaning in MEANINGS.values():
        for group in meaning.also_groups:
            names = found[group].get(meaning.group, frozenset())
            found[group][meaning.group] = names | {meaning.name}
    return dict(found)


ALSO: Mapping[str, Mapping[str, frozenset[str]]] = _read()
"""What a group lets through beside its own: by group, names of events."""


def fault_of(wanted: str) -> str | None:
    """What is wrong with an entry, said after it: a mistyped one is never told of anything."""
    if wanted == EVERYTHING or wanted in GROUPS:
        return None
    source, *rest = wanted.split("/")
    if source not in _SECOND:
        return _(
            "is neither “*”, nor a group, nor a path that starts with orders, shipments or claims"
        )
    if rest and rest[0] not in _SECOND[source]:
        there_are = ", ".join(sorted(_SECOND[source]))
        return _("is not below %(source)s; there are %(names)s") % {
            "source": source,
            "names": there_are,
        }
    if len(rest) > (2 if source == "shipments" else 1):
        return _("goes deeper than paths below %s do") % source
    if len(rest) == 2 and rest[1] not in _NAMES:
        return _("ends in %s, an event that the catalogue does not have") % rest[1]
    return None


def is_wanted(enabled_events: Sequence[str], *, ref: str, event_group: str) -> bool:
    if EVERYTHING in enabled_events:
        return True
    name = ref.rpartition("/")[2]
    if ref.startswith("shipments/") and name not in _NAMES:
        return False
    return any(
        wanted in (event_group, ref)
        or ref.startswith(f"{wanted}/")
        or name in ALSO.get(wanted, {}).get(event_group, ())
        for wanted in enabled_events
    )


def wanted_condition(enabled_events: Sequence[str]) -> Q:
    """`is_wanted` as a condition on events."""
    if EVERYTHING in enabled_events:
        return Q()
    wanted = Q(event_group__in=enabled_events) | Q(ref__in=enabled_events)
    for one in enabled_events:
        wanted |= Q(ref__startswith=f"{one}/")
        for group, names in ALSO.get(one, {}).items():
            wanted |= Q(event_group=group, event_data__event_name__in=sorted(names))
    return wanted & (~Q(source=Source.SHIPMENTS) | Q(event_data__event_name__in=[*NAMES]))
