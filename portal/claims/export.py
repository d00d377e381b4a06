"""Exactly the filtered claims as CSV, in constant memory however many they are.

Batch by batch (`portal.downloads`), no transaction open in between.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import Claim, ClaimQuerySet
from common.api.paging import Cursor
from common.spreadsheets import plain_cell
from portal.access import ShopRequest, shop_page
from portal.claims.filters import ClaimFilters
from portal.downloads import BYTE_ORDER_MARK, csv_download
from portal.paging import Sorting
from shipments.models import Shipment
from shops.models import Shop

BATCH = 500

COLUMNS = (
    "claim",
    "status",
    "reason",
    "flow",
    "issue",
    "resolution_preference",
    "order_number",
    "tracking_number",
    "name",
    "email",
    "items",
    "amount",
    "currency",
    "description",
    "answer",
    "assignee",
    "is_test",
    "created_at",
    "decided_at",
    "updated_at",
    "order_id",
    "shipment_id",
    "claim_id",
)


@require_safe
@shop_page()
def claim_export(request: ShopRequest, shop: Shop) -> HttpResponseBase:
    """Newest first; a question without sense is shown as such by the list."""
    filters = ClaimFilters(request.GET, shop=shop, person=request.user)
    if not filters.makes_sense:
        url = resolve_url("portal:claims", slug=shop.slug)
        return redirect(f"{url}?{request.META['QUERY_STRING']}")
    day = timezone.localdate().isoformat()
    return csv_download(
        request, lambda: csv_lines(shop, filters.found), name=f"claims-{shop.slug}-{day}"
    )


def csv_lines(shop: Shop, claims: ClaimQuerySet) -> Iterator[str]:
    """The head, then the rows, some at a time; times are the shop's, with their offset."""
    sorting, zone = Sorting(by="created_at"), ZoneInfo(shop.timezone)
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + buffer.getvalue()
    rows = sorting.sort(claims.with_order().select_related("order", "assignee"))
    cursor: Cursor | None = None
    while True:
        batch = list((sorting.after(rows, cursor) if cursor else rows)[:BATCH])
        numbers = dict(
            Shipment.objects.of(shop)
            .filter(id__in={claim.shipment_id for claim in batch if claim.shipment_id})
            .values_list("id", "tracking_number")
        )
        buffer.seek(0)
        buffer.truncate()
        for claim in batch:
            number = numbers.get(claim.shipment_id) if claim.shipment_id else None
            writer.writerow(_cells(claim, number or "", zone))
        if batch:
            yield buffer.getvalue()
        if len(batch) < BATCH:
            return
        cursor = sorting.cursor(batch[-1])


def _cells(claim: Claim, tracking_number: str, zone: ZoneInfo) -> list[str]:
    """In the order of COLUMNS."""
    order = claim.order
    items = [
        f"{item.get('quantity', 1)} × {item.get('sku') or item.get('title') or '?'}"
        for item in claim.selected_items
    ]
    moments = (claim.created_at, claim.decided_at, claim.updated_at)
    return [
        claim.reference,
        claim.status,
        claim.reason,
        claim.flow,
        claim.issue,
        claim.resolution_preference,
        plain_cell(order.order_number),
        plain_cell(tracking_number),
        plain_cell(order.address.get("name")),
        plain_cell(order.email_id),
        plain_cell("; ".join(items)),
        "" if claim.amount is None else f"{claim.amount.normalize():f}",
        order.currency,
        plain_cell(claim.description),
        plain_cell(claim.answer),
        plain_cell(claim.assignee.email if claim.assignee else ""),
        "yes" if claim.is_test else "",
        *(at.astimezone(zone).isoformat(timespec="seconds") if at else "" for at in moments),
        str(claim.order_id),
        str(claim.shipment_id or ""),
        str(claim.id),
    ]
