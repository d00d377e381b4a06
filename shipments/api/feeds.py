"""/v1/feeds/{token}/aftership and /v1/feeds/{token}/easypost: signed deliveries of aggregators."""

from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

import structlog
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.bodies import read_body
from common.api.errors import fault_body
from common.encryption import Undecryptable
from common.errors import DomainError, Fault
from common.trace import name_actor
from shipments.api.description import describe_aftership, describe_easypost
from shipments.feeds.aggregators import aftership, easypost
from shipments.feeds.aggregators.connections import Addressed, find_connection, note_delivery
from shipments.feeds.aggregators.signatures import Check, is_from_aftership, is_from_easypost
from shipments.feeds.heard import Heard, take_in
from shipments.feeds.models import Aggregator
from shops.api.endpoint import Endpoint

log = structlog.get_logger()

CHECKS: dict[Aggregator, Check] = {
    Aggregator.AFTERSHIP: is_from_aftership,
    Aggregator.EASYPOST: is_from_easypost,
}
NOBODYS_SECRET = "the secret of no connection at all"  # noqa: S105  # nosec B105


class FeedSignature(BaseAuthentication):
    """The signature is the credential; an unknown address is answered like a wrong signature."""

    def authenticate(self, request: Request) -> tuple[Addressed, Addressed]:
        view = cast("FeedView", request.parser_context["view"])
        addressed = find_connection(request.parser_context["kwargs"]["token"], view.aggregator)
        secret = _secret(addressed) if addressed else NOBODYS_SECRET
        sent: object = request.data
        body = sent if isinstance(sent, bytes) else b""
        is_signed = CHECKS[view.aggregator](secret, request.headers, request.path, body)
        if addressed is None or not is_signed:
            raise AuthenticationFailed("No connection here is signed like this.")
        name_actor(
            str(addressed.connection),
            caller=f"connection {addressed.connection.id}",
            shop=addressed.shop.slug,
        )
        return addressed, addressed

    def authenticate_header(self, request: Request) -> str:
        return 'Signature realm="feeds"'


def _secret(addressed: Addressed) -> str:
    try:
        return addressed.connection.secret
    except Undecryptable:
        log.exception("feed.secret_undecryptable", shop=addressed.shop.slug)
        raise AuthenticationFailed("The connection’s secret is lost; enter it again.") from None


class FeedView(Endpoint):
    authentication_classes = (FeedSignature,)

    aggregator: ClassVar[Aggregator]

    def take(self, request: Request, heard: Heard) -> Response:
        """200 whatever became of the scans: an aggregator would send a refused delivery again."""
        addressed = cast("Addressed", request.auth)
        results = take_in(addressed.shop, heard)
        note_delivery(addressed.connection)
        refused = {i: r for i, r in results.items() if isinstance(r, DomainError)}
        taken = [r for r in results.values() if not isinstance(r, DomainError)]
        created = sum(any(recorded.is_new for recorded in result) for result in taken)
        return Response(
            {
                "created": created,
                "unchanged": len(taken) - created,
                "refused": [_refusal(index, error) for index, error in refused.items()],
            }
        )

    def zone(self, request: Request) -> ZoneInfo:
        return ZoneInfo(cast("Addressed", request.auth).shop.timezone)


@describe_aftership
class AfterShipView(FeedView):
    aggregator = Aggregator.AFTERSHIP

    def post(self, request: Request, token: str) -> Response:
        """A delivery of AfterShip's webhook."""
        said = read_body(aftership.TrackingUpdate, request.data)
        return self.take(request, aftership.hear(said, self.zone(request)))


@describe_easypost
class EasyPostView(FeedView):
    aggregator = Aggregator.EASYPOST

    def post(self, request: Request, token: str) -> Response:
        """A delivery of EasyPost's webhook."""
        said = read_body(easypost.Event, request.data)
        return self.take(request, easypost.hear(said, self.zone(request)))


def _refusal(index: int, error: DomainError) -> dict[str, Any]:
    faults = error.faults or (Fault(loc=(), msg=error.message, type=error.key),)
    return {"index": index, "errors": [fault_body(fault) for fault in faults]}
