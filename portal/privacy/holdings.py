"""All that is held of customers, in the order in which it is told and erased."""

import campaigns.personal_data
import claims.personal_data
import engagement.personal_data
import events.personal_data
import intake.personal_data
import jobs.personal_data
import notices.personal_data
import orders.personal_data
import portal.personal_data
import portal.sheets.personal_data
import privacy.personal_data
import shipments.personal_data
import webhooks.personal_data
from privacy.held import Ageing, Held

HELD: tuple[Held, ...] = (
    *orders.personal_data.HELD,
    *shipments.personal_data.HELD,
    *claims.personal_data.HELD,
    *engagement.personal_data.HELD,
    *campaigns.personal_data.HELD,
    *events.personal_data.HELD,
    *notices.personal_data.HELD,
    *webhooks.personal_data.HELD,
    *intake.personal_data.HELD,
    *jobs.personal_data.HELD,
    *portal.sheets.personal_data.HELD,
    *portal.personal_data.HELD,
    *privacy.personal_data.HELD,
)
OF_ORDERS = tuple(held for held in HELD if not held.by_address)
OF_ADDRESS = tuple(held for held in HELD if held.by_address)

AGEING: tuple[Ageing, ...] = (
    *engagement.personal_data.AGEING,
    *notices.personal_data.AGEING,
    *webhooks.personal_data.AGEING,
    *intake.personal_data.AGEING,
    *portal.sheets.personal_data.AGEING,
)
"""In which the rows go that lead to others before those."""
