from common.errors import Conflict, Missing


class ShipmentNotFound(Missing):
    key = "shipment_not_found"


class ShipmentExists(Conflict):
    key = "shipment_exists"
