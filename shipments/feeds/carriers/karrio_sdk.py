"""Asking carriers over the karrio SDK. An optional part: `requirements-carriers.txt` brings it.

The SDK's own manners are put right as it is imported (see `http`): certificates are checked again,
its requests go through ours, and it keeps silent in the log, where its lines are no JSON.
"""

import os
import ssl
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from PIL import ImageFile

from shipments.feeds.carriers.connectors import Connector
from shipments.feeds.carriers.http import collecting_troubles, open_url
from shipments.feeds.carriers.troubles import (
    NOT_INSTALLED,
    UNREADABLE,
    CarrierTrouble,
    CarrierUnavailable,
    CredentialsRefused,
)

os.environ["KARRIO_LOG_LEVEL"] = "CRITICAL"
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what the SDK itself stands on
    try:
        from karrio.core.errors import ParsedMessagesError
        from karrio.core.models import TrackingDetails, TrackingRequest
        from karrio.core.utils import helpers
        from karrio.references import collect_providers_data
        from karrio.sdk import gateway
        from loguru import logger
    except ImportError:
        IS_INSTALLED = False
    else:
        IS_INSTALLED = True
        PROVIDERS = collect_providers_data()
        helpers._urlopen_with_span = open_url
        ssl._create_default_https_context = ssl.create_default_context
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # customers' photos are to be whole
        logger.disable("karrio")

Credentials = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracked:
    """What a carrier says of one parcel."""

    details: "TrackingDetails"
    raw: Any
    """The whole answer, decoded: karrio leaves the zones of times out."""


class Carrier:
    """A carrier, asked with somebody's credentials; made anew for each batch."""

    def __init__(self, connector: Connector, credentials: Credentials) -> None:
        if not IS_INSTALLED:
            raise CarrierUnavailable(NOT_INSTALLED)
        self._gateway = gateway[connector.provider].create(_settings(connector, credentials))

    def track(self, numbers: Sequence[str]) -> dict[str, Tracked]:
        """What the carrier says of those numbers that it knows; raises CarrierTrouble.

        `numbers` are at most `numbers_per_call` of the connector.
        """
        try:
            mapper = self._gateway.mapper
            asked = TrackingRequest(tracking_numbers=list(numbers))
            with collecting_troubles():
                response = self._gateway.proxy.get_tracking(mapper.create_tracking_request(asked))
            found, _ = mapper.parse_tracking_response(response)
            raw = response.deserialize()
            tracked = {_number(details): Tracked(details=details, raw=raw) for details in found}
        except CarrierTrouble:
            raise
        except ParsedMessagesError:
            raise CredentialsRefused from None  # there was no token
        except Exception as error:  # noqa: BLE001 connectors raise bare ones, of any kind
            raise CarrierUnavailable(UNREADABLE.said(kind=type(error).__name__)) from None
        if len(numbers) == 1 and len(tracked) == 1:  # some write the number in a form of their own
            return dict(zip(numbers, tracked.values(), strict=True))
        return {number: tracked[number] for number in numbers if number in tracked}


def _settings(connector: Connector, credentials: Credentials) -> Any:
    kind = PROVIDERS[connector.provider].Settings
    server = settings.CARRIER_SERVERS.get(connector.name)
    if server:
        kind = type("Settings", (kind,), {"server_url": server})
    return kind(**credentials)


def _number(details: "TrackingDetails") -> str:
    return str((details.meta or {}).get("requested") or details.tracking_number)


def in_calls(numbers: Sequence[str], connector: Connector) -> Iterator[list[str]]:
    """As many at once as the carrier takes."""
    rest = iter(numbers)
    while call := list(islice(rest, connector.numbers_per_call)):
        yield call
