from common.errors import Conflict, Missing


class OrderNotFound(Missing):
    key = "order_not_found"


class OrderExists(Conflict):
    key = "order_exists"


class OrderCancelled(Conflict):
    """What was asked cannot be done to a cancelled order."""

    key = "order_cancelled"


class OrderFulfilled(Conflict):
    """What was asked cannot be done once a parcel is on its way."""

    key = "order_fulfilled"


class OrderReferenceAmbiguous(Conflict):
    key = "order_reference_ambiguous"
