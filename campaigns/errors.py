from common.errors import Conflict, Missing


class CampaignNotFound(Missing):
    key = "campaign_not_found"


class DiscountNotFound(Missing):
    key = "discount_not_found"


class ActiveSegmentExists(Conflict):
    """Another campaign is enabled for the segment; one at a time."""

    key = "campaign_active_segment_exists"


class CodeTaken(Conflict):
    """Another campaign of the shop has the code."""

    key = "campaign_exists"


class DiscountExists(Conflict):
    """Another discount of the shop has the code, in whatever case."""

    key = "discount_exists"
