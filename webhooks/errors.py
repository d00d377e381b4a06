from common.errors import Conflict, Invalid, Missing


class WebhookNotFound(Missing):
    key = "webhook_not_found"


class DeliveryNotFound(Missing):
    key = "webhook_delivery_not_found"


class TooManyWebhooks(Conflict):
    key = "webhook_limit_reached"


class DeliveryInactive(Conflict):
    """A delivery of a webhook that is inactive cannot be sent again."""

    key = "webhook_inactive"


class AddressRefused(Invalid):
    """The URL leads where webhooks may not go; the message says why."""

    key = "payload_invalid"
