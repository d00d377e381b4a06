"""Exactly the filtered orders as CSV or XLSX, to be edited and imported again."""

import csv
from collections.abc import Iterator
from io import StringIO
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.spreadsheets import plain_cell
from orders.models import Order, OrderLine, OrderQuerySet
from portal.access import ShopRequest, shop_page
from portal.downloads import BYTE_ORDER_MARK, Place, busy, csv_download
from portal.filters import OrderFilters
from portal.jobs.bulk_orders import ORDERS
from portal.jobs.ticked import ticked_ids
from portal.sheets.files import MOST_ROWS
from portal.sheets.rows import HEAD, order_rows
from portal.sheets.workbooks import write_workbook
from shops.models import Shop

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@shop_page()
def order_export(request: ShopRequest, shop: Shop) -> HttpResponseBase:
    """CSV, sent as it is read."""
    filters = OrderFilters(request.GET, shop=shop)
    if not filters.makes_sense:
        return _back_to_list(request, shop)
    return csv_download(request, lambda: csv_lines(shop, filters.found), name=_file_name(shop))


@require_POST
@shop_page()
def ticked_orders(request: ShopRequest, shop: Shop) -> HttpResponseBase:
    """CSV of the rows that were ticked, or of all that match."""
    ticked = ticked_ids(request.POST, ORDERS)
    query = request.POST.get("query", "")
    if "everything" in request.POST:
        orders: OrderQuerySet = OrderFilters(QueryDict(query), shop=shop).found
    elif ticked:
        orders = Order.objects.of(shop).filter(id__in=ticked)
    else:
        messages.error(request, _("Tick some rows first: nothing was done."))
        back = resolve_url("portal:orders", slug=shop.slug)
        return redirect(f"{back}?{query}" if query else back)
    return csv_download(request, lambda: csv_lines(shop, orders), name=_file_name(shop))


@require_safe
@shop_page()
def order_workbook(request: ShopRequest, shop: Shop) -> HttpResponseBase:
    """XLSX, which is whole before it is sent; of so many rows as can be imported."""
    filters = OrderFilters(request.GET, shop=shop)
    if not filters.makes_sense:
        return _back_to_list(request, shop)
    place = Place.take(request.user)
    if place is None:
        return busy(request)
    try:
        if _is_more_than(MOST_ROWS, shop, filters.found):
            return _too_many(request, shop)
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        write_workbook(file, _cells(shop, filters.found), title="orders")
    finally:
        place.leave()
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{_file_name(shop)}.xlsx", content_type=XLSX
    )


def csv_lines(shop: Shop, orders: OrderQuerySet) -> Iterator[str]:
    """The head, then the rows, some at a time."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEAD)
    yield BYTE_ORDER_MARK + buffer.getvalue()
    for rows in order_rows(shop, orders):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([plain_cell(text) for text in row] for row in rows)
        yield buffer.getvalue()


def _cells(shop: Shop, orders: OrderQuerySet) -> Iterator[list[str]]:
    yield list(HEAD)
    for rows in order_rows(shop, orders):
        for row in rows:
            yield [plain_cell(text) for text in row]


def _is_more_than(most: int, shop: Shop, orders: OrderQuerySet) -> bool:
    """Orders, or lines of theirs; no more are counted than it takes to know."""
    found = orders.order_by()
    lines = OrderLine.objects.of(shop).filter(order_id__in=found.values("id")).order_by()
    return found[: most + 1].count() > most or lines[: most + 1].count() > most


def _file_name(shop: Shop) -> str:
    return f"orders-{shop.slug}-{timezone.localdate().isoformat()}"


def _back_to_list(request: ShopRequest, shop: Shop) -> HttpResponseRedirect:
    """Which says what makes no sense."""
    url = resolve_url("portal:orders", slug=shop.slug)
    return HttpResponseRedirect(f"{url}?{request.META['QUERY_STRING']}")


def _too_many(request: ShopRequest, shop: Shop) -> HttpResponse:
    messages.error(
        request,
        _("More than %d rows do not fit into one XLSX: narrow the list, or export it as CSV.")
        % MOST_ROWS,
    )
    url = resolve_url("portal:orders", slug=shop.slug)
    return redirect(f"{url}?{request.META['QUERY_STRING']}")
