"""What people call the groups that a number is split up into."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from analytics.catalogue.anomalies import NEVER_SCANNED, NO_MOVEMENT, PAST_ETA
from analytics.questions import Dimension
from campaigns.models import Campaign
from claims.models import Flow, Reason
from common.countries import country_names, page_language
from shipments.carriers import CARRIERS
from shipments.phases import Flag, Phase
from shops.models import Shop

Keys = tuple[str, ...]

_CHOICES: dict[Dimension, Mapping[str, object]] = {
    Dimension.PHASE: dict(Phase.choices),
    Dimension.FLAG: dict(Flag.choices),
    Dimension.KIND: {
        "never_scanned": NEVER_SCANNED,
        "no_movement": NO_MOVEMENT,
        "past_eta": PAST_ETA,
    },
    Dimension.REASON: dict(Reason.choices),
    Dimension.FLOW: dict(Flow.choices),
    Dimension.CARRIER: {reference: carrier.name for reference, carrier in CARRIERS.items()},
}


def labels_of(shop: Shop, by: tuple[Dimension, ...], groups: Iterable[Keys]) -> dict[Keys, Keys]:
    groups = list(groups)
    names = [
        _names(shop, dimension, {keys[place] for keys in groups})
        for place, dimension in enumerate(by)
    ]
    return {
        keys: tuple(
            str(names[place].get(key) or key or _("none")) for place, key in enumerate(keys)
        )
        for keys in groups
    }


def _names(shop: Shop, dimension: Dimension, keys: set[str]) -> Mapping[str, object]:
    if dimension is Dimension.CAMPAIGN:
        ids = [UUID(key) for key in keys if key]
        campaigns = Campaign.objects.of(shop).filter(id__in=ids) if ids else ()
        return {str(campaign.id): campaign.name for campaign in campaigns}
    if dimension is Dimension.COUNTRY:
        return country_names(page_language())
    return _CHOICES.get(dimension, {})
