"""Where a parcel is, on its way to the customer or back (the contract's section 4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    ORDER_CREATED = "order_created", _("Expected")
    ORDER_PROCESSED = "order_processed", _("Announced to the carrier")
    IN_TRANSIT = "in_transit", _("In transit")
    IN_DELIVERY = "in_delivery", _("Out for delivery")
    COLLECT = "collect", _("Ready for pick-up")
    DELIVERED = "delivered", _("Delivered")
    DELIVERY_FAILED = "delivery_failed", _("Delivery failed")
    RETURNED = "returned", _("Returned to sender")
    RETURN_CREATED = "return_created", _("Return announced")
    RETURN_TRANSIT = "return_transit", _("Return in transit")
    RETURN_RECEIVED = "return_received", _("Return received")
    RETURN_FAILED = "return_failed", _("Return failed")


RETURN_PHASES = frozenset(
    {Phase.RETURN_CREATED, Phase.RETURN_TRANSIT, Phase.RETURN_RECEIVED, Phase.RETURN_FAILED}
)
"""What a customer sends back is in one of these, and nothing else is."""


class Direction(models.TextChoices):
    MERCHANT_CUSTOMER = "merchant_customer", _("To the customer")
    CUSTOMER_MERCHANT = "customer_merchant", _("Back to the merchant")


class Flag(models.TextChoices):
    NORMAL = "normal", _("Normal")
    DELAY = "delay", _("Delayed")
    ERROR = "error", _("Failed")


class PickupType(models.TextChoices):
    """Where a parcel waits for its customer, or was left."""

    SHOP = "shop", _("Parcel shop")
    NEIGHBOR = "neighbor", _("Neighbour")
    LOCKER = "locker", _("Parcel locker")
    LETTERBOX = "letterbox", _("Letterbox")


class CoarseState(models.TextChoices):
    """`state` of a shipment on the wire."""

    PENDING = "pending"
    TRANSIT = "transit"
    COLLECT = "collect"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ARCHIVED = "archived"


COARSE_STATES: dict[Phase, CoarseState] = {
    Phase.ORDER_CREATED: CoarseState.PENDING,
    Phase.ORDER_PROCESSED: CoarseState.PENDING,
    Phase.IN_TRANSIT: CoarseState.TRANSIT,
    Phase.IN_DELIVERY: CoarseState.TRANSIT,
    Phase.COLLECT: CoarseState.COLLECT,
    Phase.DELIVERED: CoarseState.DELIVERED,
    Phase.DELIVERY_FAILED: CoarseState.TRANSIT,
    Phase.RETURNED: CoarseState.RETURNED,
    Phase.RETURN_CREATED: CoarseState.PENDING,
    Phase.RETURN_TRANSIT: CoarseState.TRANSIT,
    Phase.RETURN_RECEIVED: CoarseState.RETURNED,
    Phase.RETURN_FAILED: CoarseState.RETURNED,
}

ON_THEIR_WAY = frozenset(
    {
        Phase.ORDER_PROCESSED,
        Phase.IN_TRANSIT,
        Phase.IN_DELIVERY,
        Phase.DELIVERY_FAILED,
        Phase.RETURN_CREATED,
        Phase.RETURN_TRANSIT,
    }
)
"""Of parcels that are due to arrive; one that waits for its pick-up has."""
