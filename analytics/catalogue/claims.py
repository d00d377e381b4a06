"""Numbers of claims."""

from django.utils.translation import gettext_lazy as _

from analytics.answers import Unit
from analytics.catalogue.number import USUAL_GROUPS, Measure, Number, Sum
from analytics.questions import Dimension
from analytics.subjects.claims import CLAIMS

NUMBERS = (
    Number(
        name="claims",
        title=_("Claims"),
        definition=_(
            "Claims about the orders placed in the period. A claim about several products is "
            "counted for each of them."
        ),
        formula=_("number of claims that were not deleted"),
        subject=CLAIMS,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("claims")),
        numerator_label=_("claims"),
        parts=tuple(
            Measure(key=status, title=title, unit=Unit.COUNT, numerator=Sum(status))
            for status, title in (
                ("pending", _("pending")),
                ("accepted", _("accepted")),
                ("rejected", _("rejected")),
                ("closed", _("closed")),
            )
        ),
        group_by=(
            *USUAL_GROUPS,
            Dimension.REASON,
            Dimension.PRODUCT,
            Dimension.PHASE,
            Dimension.FLOW,
        ),
    ),
)
