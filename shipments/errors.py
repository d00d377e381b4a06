from common.errors import Missing


class ShipmentNotFound(Missing):
    key = "shipment_not_found"
