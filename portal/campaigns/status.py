"""Campaigns in the status language (docs/design.md), and their times in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign, CampaignStatus
from common.dates import format_date
from portal.status import Status, Tone
from portal.templatetags.moments import current_locale

NO_BREAK = "\u00a0"
TONES: dict[CampaignStatus, Tone] = {
    CampaignStatus.ACTIVE: Tone.DELIVERED,
    CampaignStatus.SCHEDULED: Tone.EXPECTED,
    CampaignStatus.PAUSED: Tone.ATTENTION,
    CampaignStatus.INACTIVE: Tone.RETURNED,
}


def campaign_status(campaign: Campaign, *, at: datetime) -> Status:
    status = campaign.status(at)
    word = _("Ended") if campaign.is_enabled and campaign.has_ended(at) else str(status.label)
    since = campaign.paused_at if status is CampaignStatus.PAUSED else None
    return Status(tone=TONES[status], word=word, since=since)


def schedule_words(campaign: Campaign) -> str:
    """“1 Mar – 31 Mar 2027”, in the page's zone; the times of day are on the campaign's page."""
    starts, ends = campaign.starts_at, campaign.ends_at
    if starts is not None and ends is not None:
        return f"{_day(starts)} – {_day(ends)}"
    if starts is not None:
        return _("From %s") % _day(starts)
    return _("Always") if ends is None else _("Until %s") % _day(ends)


def _day(at: datetime) -> str:
    words = format_date(timezone.localtime(at), "d MMM y", locale=current_locale())
    return words.replace(" ", NO_BREAK)
