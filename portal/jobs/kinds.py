"""The kinds of jobs that people can ask for, with what they are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.kinds import Kind
from portal.jobs.cancel_orders import CancelOrders

CANCEL_ORDERS = "cancel_orders"

KINDS: dict[str, Kind] = {CANCEL_ORDERS: CancelOrders()}
TITLES: dict[str, str | Promise] = {CANCEL_ORDERS: _("Cancel orders")}
