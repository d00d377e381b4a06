"""What the customer did on the tracking page: opened it, clicked, rated."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.models import BEST, SATISFIED_FROM, ActionKind, PageAction, Rating
from portal.status import Tone
from portal.templatetags.moments import exact
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Subject, Who

CLICKED = {
    "carrier_link": gettext_lazy("the carrier’s page"),
    "claim": gettext_lazy("reporting a problem"),
    "campaign": gettext_lazy("the campaign"),
    "campaign_product": gettext_lazy("a product of the campaign"),
    "shop_link": gettext_lazy("the shop"),
    "footer_link": gettext_lazy("a link at the foot"),
}


def told_ratings(subject: Subject, asked: Asked) -> list[Entry]:
    rows = Rating.objects.of(subject.shop).filter(order_id=subject.order.id)
    if subject.shipment is not None:
        rows = rows.filter(shipment_id=subject.shipment.id)
    return [
        Entry(
            at=rating.created_at,
            id=rating.id,
            text=_("Rated %(score)s of %(best)s") % {"score": rating.score, "best": BEST},
            tone=Tone.DELIVERED if rating.score >= SATISFIED_FROM else Tone.ATTENTION,
            who=_the_customer(),
            said=rating.comment,
            shipment_id=rating.shipment_id,
        )
        for rating in asked.take(rows, by="created_at")
    ]


def told_visits(subject: Subject, asked: Asked) -> list[Entry]:
    if subject.shipment is not None:
        return []
    rows = PageAction.objects.of(subject.shop).filter(order_id=subject.order.id)
    rows = rows.filter(kind__in=[ActionKind.OPENED, ActionKind.CLICKED])
    return [
        Entry(
            at=action.first_at,
            id=action.id,
            text=_done(action),
            tone=Tone.EXPECTED,
            who=_the_customer(),
            detail=_how_often(action),
        )
        for action in asked.take(rows, by="first_at")
    ]


def _done(action: PageAction) -> str:
    if action.kind == ActionKind.OPENED:
        return _("Tracking page opened")
    on = CLICKED.get(action.element, action.element.replace("_", " "))
    return _("Clicked on the tracking page: %s") % on


def _how_often(action: PageAction) -> str:
    if action.times == 1:
        return ""
    often = ngettext("%(n)d time", "%(n)d times", action.times) % {"n": action.times}
    return _("%(often)s, last on %(at)s") % {"often": often, "at": exact(action.last_at)}


def _the_customer() -> Who:
    return Who(actor=_("the customer"))
