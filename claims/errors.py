from common.errors import Conflict, Invalid, Missing


class ClaimNotFound(Missing):
    key = "claim_not_found"


class ShipmentReferenceAmbiguous(Conflict):
    """A tracking number that shipments of several orders have."""

    key = "shipment_reference_ambiguous"


class ClaimDecided(Conflict):
    """Somebody decided otherwise before; the decision is taken back before another is made."""

    key = "claim_decided"


class AnswerUnsendable(Conflict):
    """The order has no e-mail address to write to."""

    key = "claim_answer_unsendable"


class FlowNotOffered(Conflict):
    """What the customer began makes no sense any more, or the shop switched it off."""

    key = "claim_flow_not_offered"


class PhotoRefused(Invalid):
    """Not a picture that is taken; the message says why, and what to do."""

    key = "photo_refused"
