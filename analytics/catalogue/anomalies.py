"""Numbers of parcels that need a look."""

from django.utils.translation import gettext_lazy as _

from analytics.answers import Unit
from analytics.catalogue.number import USUAL_GROUPS, Measure, Number, Sum
from analytics.questions import Dimension
from analytics.subjects.anomalies import ANOMALIES

NEVER_SCANNED = _("never scanned")
NO_MOVEMENT = _("no movement")
PAST_ETA = _("past the expected arrival")

NUMBERS = (
    Number(
        name="anomalies",
        title=_("Anomalies"),
        definition=_(
            "Parcels of the orders placed in the period that are on their way and, as of now, "
            "were sent two business days ago without a scan, have not moved for three business "
            "days, or are past their expected arrival."
        ),
        formula=_("number of parcels on their way that need a look"),
        subject=ANOMALIES,
        measure=Measure(unit=Unit.COUNT, numerator=Sum("anomalies")),
        numerator_label=_("parcels that need a look"),
        parts=(
            Measure(
                key="never_scanned",
                title=NEVER_SCANNED,
                unit=Unit.COUNT,
                numerator=Sum("never_scanned"),
            ),
            Measure(
                key="no_movement",
                title=NO_MOVEMENT,
                unit=Unit.COUNT,
                numerator=Sum("no_movement"),
            ),
            Measure(key="past_eta", title=PAST_ETA, unit=Unit.COUNT, numerator=Sum("past_eta")),
        ),
        group_by=(*USUAL_GROUPS, Dimension.KIND, Dimension.PHASE),
        leads_with_groups=(Dimension.KIND,),
    ),
)
