"""What may be refused here; the tree of them stands in `common.errors`."""

from common.errors import Conflict, Invalid


class NotDelivered(Conflict):
    key = "shipment_not_delivered"


class LogoUnusable(Invalid):
    key = "logo_unusable"
