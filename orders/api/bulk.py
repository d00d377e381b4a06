"""/v1/shops/{slug}/orders/bulk"""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from common.api.bodies import about_the_body
from common.api.bulk import read_items
from common.api.errors import fault_body
from common.api.preferences import Preferences
from common.errors import DomainError
from intake.inputs import MAX_ITEMS, UpsertInput
from intake.upsert import faults_of_item, upsert_orders, upsert_orders_leniently
from intake.wave import Outcome, Upserted
from orders.api.description import describe_bulk
from shops.api.views import ShopView

Result = Upserted | DomainError


@describe_bulk
class BulkView(ShopView):
    def put(self, request: Request, slug: str) -> Response:
        """Upsert up to 1,000 orders: all or nothing or, if preferred, those that can be."""
        preferences = Preferences.of(request)
        items, refused = read_items(UpsertInput, request.data, most=MAX_ITEMS)
        with about_the_body():
            results = self._apply(items, refused, is_lenient=preferences.is_lenient)
        headers = {"Karla-Outcome": _overall(results.values()), **preferences.applied()}
        if not (preferences.is_lenient or preferences.wants_representation):
            return Response(None, headers=headers)
        represented = [_represent(index, result) for index, result in sorted(results.items())]
        return Response(represented, headers=headers)

    def _apply(
        self, items: dict[int, UpsertInput], refused: dict[int, DomainError], *, is_lenient: bool
    ) -> dict[int, Result]:
        if is_lenient:
            return {**refused, **upsert_orders_leniently(self.shop, items)}
        faults = [
            fault.below(index) for index, refusal in refused.items() for fault in refusal.faults
        ]
        return {**upsert_orders(self.shop, items, faults=faults)}


def _overall(results: Iterable[Result]) -> str:
    """One outcome for all: what they have in common, else that something was updated."""
    outcomes = {result.outcome for result in results if isinstance(result, Upserted)}
    if not outcomes:
        return Outcome.UNCHANGED.value
    return (outcomes.pop() if len(outcomes) == 1 else Outcome.UPDATED).value


def _represent(index: int, result: Result) -> dict[str, Any]:
    if isinstance(result, Upserted):
        return {
            "index": index,
            "outcome": result.outcome,
            "uuid": result.order_id,
            "order_number": result.order_number,
            "ignored_trackings": result.ignored_trackings,
            "errors": [],
        }
    faults = [fault.below("body", index) for fault in faults_of_item(result)]
    return {
        "index": index,
        "outcome": "refused",
        "uuid": None,
        "order_number": None,
        "ignored_trackings": [],
        "errors": [fault_body(fault) for fault in faults],
    }
