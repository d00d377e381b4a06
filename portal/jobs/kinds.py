"""The kinds of jobs that people can ask for, with what they are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.kinds import Kind
from portal.jobs.bulk import Bulk
from portal.jobs.bulk_deliveries import RESEND_DELIVERIES
from portal.jobs.bulk_orders import ADD_SEGMENT, CANCEL_ORDERS, FULFIL_ORDERS, REMOVE_SEGMENT
from portal.jobs.bulk_shipments import CORRECT_CARRIER
from portal.privacy.erase_customer import EraseCustomer
from portal.privacy.export_customer import ExportCustomer
from portal.sheets.read_file import ReadFile
from portal.sheets.work import ImportOrders
from shops.models import Role

READ_FILE = "read_file"
TRY_IMPORT = "try_import"
IMPORT_ORDERS = "import_orders"
EXPORT_CUSTOMER = "export_customer"
ERASE_CUSTOMER = "erase_customer"

BULKS: tuple[Bulk, ...] = (
    FULFIL_ORDERS,
    CANCEL_ORDERS,
    ADD_SEGMENT,
    REMOVE_SEGMENT,
    CORRECT_CARRIER,
    RESEND_DELIVERIES,
)
KINDS: dict[str, Kind] = {
    **{bulk.key: bulk for bulk in BULKS},
    READ_FILE: ReadFile(),
    TRY_IMPORT: ImportOrders(is_trial=True),
    IMPORT_ORDERS: ImportOrders(is_trial=False),
    EXPORT_CUSTOMER: ExportCustomer(),
    ERASE_CUSTOMER: EraseCustomer(),
}
TITLES: dict[str, str | Promise] = {
    **{bulk.key: bulk.title for bulk in BULKS},
    READ_FILE: _("Read a file"),
    TRY_IMPORT: _("Try an import"),
    IMPORT_ORDERS: _("Import orders"),
    EXPORT_CUSTOMER: _("Export a customer’s data"),
    ERASE_CUSTOMER: _("Erase a customer"),
}
ROLES: dict[str, Role] = {
    **{bulk.key: bulk.role for bulk in BULKS},
    EXPORT_CUSTOMER: Role.ADMIN,
    ERASE_CUSTOMER: Role.ADMIN,
}


def role_for(kind: str) -> Role:
    """Who may ask for a job of the kind, and stop one that somebody asked for."""
    return ROLES.get(kind, Role.EDITOR)
