"""All checks, in the order in which they are made: what others stand on comes first."""

from doctor.check import Check, InstallationCheck
from doctor.checks.campaigns import ATTRIBUTIONS
from doctor.checks.definitions import DEFINITIONS
from doctor.checks.deliveries import DELIVERIES, MESSAGES, UNWANTED_DELIVERIES
from doctor.checks.events import (
    CLAIM_EVENTS,
    EVENT_SUBJECTS,
    ORDER_EVENTS,
    SCAN_EVENTS,
    TRACKING_EVENTS,
)
from doctor.checks.media import FILES, PHOTOS
from doctor.checks.numbers import ROLLUPS
from doctor.checks.orders import ORDER_LINES, ORDER_PARCELS, ORDER_STATES
from doctor.checks.pieces import PIECES
from doctor.checks.queues import DUE_DELIVERIES, DUE_MAILS, OLD_MARKS, RUNNING_JOBS, UNRELAYED
from doctor.checks.schema import MIGRATIONS, SCHEMA
from doctor.checks.secrets import SECOND_FACTORS, SECRETS
from doctor.checks.shipments import DELIVERY_TIMES, FLAGS, PHASES, SHIPMENT_LINES
from doctor.checks.surroundings import CLOCKS, DATABASE_SETTINGS, DISK, SERVERS
from doctor.checks.tenancy import SHOPS_APART

OF_INSTALLATION: tuple[InstallationCheck, ...] = (
    SERVERS,
    MIGRATIONS,
    SCHEMA,
    DEFINITIONS,
    PIECES,
    DATABASE_SETTINGS,
    CLOCKS,
    DISK,
    SECOND_FACTORS,
)
OF_SHOPS: tuple[Check, ...] = (
    SHOPS_APART,
    ORDER_PARCELS,
    ORDER_STATES,
    ORDER_LINES,
    PHASES,
    FLAGS,
    DELIVERY_TIMES,
    SHIPMENT_LINES,
    ORDER_EVENTS,
    TRACKING_EVENTS,
    SCAN_EVENTS,
    CLAIM_EVENTS,
    EVENT_SUBJECTS,
    DELIVERIES,
    UNWANTED_DELIVERIES,
    MESSAGES,
    ROLLUPS,
    UNRELAYED,
    DUE_DELIVERIES,
    DUE_MAILS,
    RUNNING_JOBS,
    OLD_MARKS,
    ATTRIBUTIONS,
    SECRETS,
    PHOTOS,
    FILES,
)

ALL: tuple[Check | InstallationCheck, ...] = (*OF_INSTALLATION, *OF_SHOPS)
