"""What is known of a parcel when its arrival is estimated: the stage of its journey."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shipments.phases import Flag, Phase


class Stage(models.TextChoices):
    """From each, the time that is left is another; it counts from when the stage was reached."""

    SENT = "sent", _("sent")
    MOVING = "moving", _("in transit")
    HELD_UP = "held_up", _("held up in transit")
    AT_THE_DOOR = "at_the_door", _("out for delivery")
    MISSED = "missed", _("after a failed attempt")


def stage_of(phase: str, flag: str) -> Stage | None:
    """None where nothing is estimated: it has arrived, was given up, or comes back.

    `flag` is what the newest scan says by itself, not that the parcel is overdue.
    """
    return _STAGES.get((Phase(phase), Flag(flag) is not Flag.NORMAL))


_STAGES: dict[tuple[Phase, bool], Stage] = {
    (Phase.ORDER_PROCESSED, False): Stage.SENT,
    (Phase.ORDER_PROCESSED, True): Stage.SENT,
    (Phase.IN_TRANSIT, False): Stage.MOVING,
    (Phase.IN_TRANSIT, True): Stage.HELD_UP,
    (Phase.IN_DELIVERY, False): Stage.AT_THE_DOOR,
    (Phase.IN_DELIVERY, True): Stage.MISSED,
    (Phase.DELIVERY_FAILED, False): Stage.MISSED,
    (Phase.DELIVERY_FAILED, True): Stage.MISSED,
}
