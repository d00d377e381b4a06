"""The page of the very rows that a number counts, and the number and its rows as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics.answering import answer, in_one_currency
from analytics.answers import Answer, Unit
from analytics.api.representation import as_csv, rows_as_csv
from analytics.catalogue.numbers import NUMBERS
from analytics.questions import Question
from analytics.rows import COUNTED, NUMERATOR, Place, parts_of, rows
from common.api.paging import Cursor
from portal.access import ShopRequest, shop_page
from portal.downloads import BYTE_ORDER_MARK, csv_download
from portal.list_filters import PlaceForm
from portal.numbers.amounts import count_words
from portal.numbers.cards import card_of
from portal.numbers.row_table import table_of
from portal.numbers.scope import Scope
from shops.models import Shop

PER_PAGE = 50
BATCH = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """Some of the units of a number: all that it counts, those of its numerator, those left out."""

    key: str
    words: str
    count: str
    is_chosen: bool


@require_safe
@shop_page()
def number_rows(request: ShopRequest, shop: Shop, number: str) -> HttpResponseBase:
    part = _part(request, number)
    scope = _scope(request, shop, number)
    place = PlaceForm(request.GET)
    cursor = place.cleaned_data.get("after") if place.is_valid() else None
    question = in_one_currency(shop, scope.question(number))
    answered = answer(shop, scope.question(number, interval=scope.interval))
    found = rows(shop, question, part=part, after=_place(cursor), size=PER_PAGE)
    context = {
        "scope": scope,
        "number": number,
        "part": part,
        "card": card_of(answered, query=scope.query, comparison=scope.comparison),
        "listed": list(_listed(answered, part)),
        "table": table_of(shop, found.columns, found.rows),
        "next": Cursor(found.next.at, found.next.id).encode() if found.next else "",
        "is_first": cursor is None,
    }
    return render(request, "portal/numbers/rows.html", context)


@require_safe
@shop_page()
def number_csv(request: ShopRequest, shop: Shop, number: str) -> HttpResponseBase:
    """The number with its series, as the API gives it."""
    _part(request, number)
    scope = _scope(request, shop, number)
    text = as_csv(answer(shop, scope.question(number, interval=scope.interval)))
    return HttpResponse(
        BYTE_ORDER_MARK + text,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": "attachment; "
            f'filename="{_file_name(f"{number}-{shop.slug}", scope)}.csv"'
        },
    )


@require_safe
@shop_page()
def rows_csv(request: ShopRequest, shop: Shop, number: str) -> HttpResponseBase:
    """All rows, read batch by batch; as few at once as exports of shipments."""
    part, scope = _part(request, number), _scope(request, shop, number)
    question = in_one_currency(shop, scope.question(number))
    return csv_download(
        request,
        lambda: _lines(shop, question, part),
        name=_file_name(f"{number}-rows-{shop.slug}", scope),
    )


def _scope(request: HttpRequest, shop: Shop, number: str) -> Scope:
    return Scope(request.GET, shop=shop, split_by=NUMBERS[number].group_by)


def _part(request: HttpRequest, number: str) -> str:
    """Which of the number's units are asked for."""
    known = NUMBERS.get(number)
    if known is None:
        raise Http404("There is no such number.")
    part = request.GET.get("part", COUNTED)
    if part not in parts_of(known):
        raise Http404("The number has no such part.")
    return part


def _lines(shop: Shop, question: Question, part: str) -> Iterator[str]:
    after: Place | None = None
    is_first = True
    while True:
        found = rows(shop, question, part=part, after=after, size=BATCH)
        text = rows_as_csv(found)
        if is_first:
            yield BYTE_ORDER_MARK + text
        elif found.rows:
            yield text.split("\r\n", 1)[1]
        if found.next is None:
            return
        after, is_first = found.next, False


def _listed(answered: Answer, chosen: str) -> Iterator[Listed]:
    """What may be listed, as far as the answer says how many there are."""
    known = parts_of(NUMBERS[answered.number])
    said: dict[str, tuple[str, Any]] = {}
    if answered.denominator is not None:
        said[COUNTED] = (answered.denominator_label, answered.denominator)
    if answered.unit in (Unit.SHARE, Unit.COUNT):
        key = COUNTED if answered.denominator is None else NUMERATOR
        said[key] = (answered.numerator_label, answered.numerator)
    for part in answered.parts.values():
        if part.unit is Unit.COUNT and part.key not in said:
            said[part.key] = (part.title, part.value)
    for excluded in answered.excluded:
        said.setdefault(excluded.key, (excluded.why, excluded.count))
    if COUNTED not in said:  # of money: how much, not how many
        yield Listed(key=COUNTED, words=_("All counted"), count="", is_chosen=chosen == COUNTED)
    for key, (words, count) in said.items():
        if key in known and (count or key == COUNTED):
            yield Listed(
                key=key, words=words, count=count_words(int(count)), is_chosen=key == chosen
            )


def _place(cursor: Cursor | None) -> Place | None:
    return Place(cursor.at, cursor.id) if cursor else None


def _file_name(name: str, scope: Scope) -> str:
    days = f"{scope.period.first.isoformat()}-{scope.period.last.isoformat()}"
    return f"{name}-{days}"
