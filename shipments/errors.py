from common.errors import Conflict, Missing


class ShipmentNotFound(Missing):
    key = "shipment_not_found"


class ShipmentIsDraft(Conflict):
    """What was asked needs a tracking number."""

    key = "shipment_is_draft"
