from uuid import UUID

from django.http import Http404

from campaigns.errors import CampaignNotFound
from campaigns.models import Campaign
from campaigns.services import find_campaign
from shops.models import Shop


def find_or_404(shop: Shop, campaign_id: UUID) -> Campaign:
    try:
        return find_campaign(shop, campaign_id)
    except CampaignNotFound as missing:
        raise Http404(missing.message) from None
