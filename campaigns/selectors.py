"""Reads of campaigns."""

from datetime import datetime

from django.db.models import Q, QuerySet

from campaigns.models import Campaign, CampaignStatus


def in_status(
    campaigns: QuerySet[Campaign], status: CampaignStatus, *, at: datetime
) -> QuerySet[Campaign]:
    """Those of which `Campaign.status` says so at that moment."""
    has_ended = Q(ends_at__lte=at)
    on = campaigns.filter(is_enabled=True).exclude(has_ended)
    match status:
        case CampaignStatus.INACTIVE:
            return campaigns.filter(Q(is_enabled=False) | has_ended)
        case CampaignStatus.PAUSED:
            return on.exclude(paused_at=None)
        case CampaignStatus.SCHEDULED:
            return on.filter(paused_at=None, starts_at__gt=at)
        case CampaignStatus.ACTIVE:
            return on.filter(paused_at=None).exclude(starts_at__gt=at)
