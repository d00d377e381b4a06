"""The kinds of jobs that people can ask for, with what they are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.kinds import Kind
from portal.jobs.cancel_orders import CancelOrders
from portal.privacy.erase_customer import EraseCustomer
from portal.privacy.export_customer import ExportCustomer
from portal.sheets.work import ImportOrders

CANCEL_ORDERS = "cancel_orders"
TRY_IMPORT = "try_import"
IMPORT_ORDERS = "import_orders"
EXPORT_CUSTOMER = "export_customer"
ERASE_CUSTOMER = "erase_customer"

KINDS: dict[str, Kind] = {
    CANCEL_ORDERS: CancelOrders(),
    TRY_IMPORT: ImportOrders(is_trial=True),
    IMPORT_ORDERS: ImportOrders(is_trial=False),
    EXPORT_CUSTOMER: ExportCustomer(),
    ERASE_CUSTOMER: EraseCustomer(),
}
TITLES: dict[str, str | Promise] = {
    CANCEL_ORDERS: _("Cancel orders"),
    TRY_IMPORT: _("Try an import"),
    IMPORT_ORDERS: _("Import orders"),
    EXPORT_CUSTOMER: _("Export a customer’s data"),
    ERASE_CUSTOMER: _("Erase a customer"),
}
