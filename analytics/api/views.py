"""/v1/shops/{slug}/analytics: which numbers there are, each of them, and the rows behind it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request

from analytics.answering import answer
from analytics.api.description import describe_number, describe_numbers, describe_rows
from analytics.api.parameters import USUAL_ROWS, question_of, rows_question_of
from analytics.api.representation import as_csv, as_json, rows_as_csv
from analytics.catalogue.numbers import NUMBERS
from analytics.rows import COUNTED, Place, parts_of, rows
from common.api.answers import answer_read
from common.api.paging import Cursor, next_link
from shops.api.views import ShopView


@describe_numbers
class NumbersView(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Every number there is, with its definition."""
        return answer_read(request, [_defined(name) for name in NUMBERS])


@describe_number
class NumberView(ShopView):
    def get(self, request: Request, slug: str, number: str) -> HttpResponseBase:
        """One number of the shop, exact to the last change."""
        question, form = question_of(self.shop, number, request.GET)
        answered = answer(self.shop, question)
        if form == "csv":
            return _csv(as_csv(answered), f"{number}-{slug}")
        return answer_read(request, as_json(answered, request.build_absolute_uri))


@describe_rows
class RowsView(ShopView):
    def get(self, request: Request, slug: str, number: str) -> HttpResponseBase:
        """The rows that the number counts, newest order first."""
        question, said = rows_question_of(self.shop, number, request.GET)
        cursor = said["cursor"]
        found = rows(
            self.shop,
            question,
            part=said["part"] or COUNTED,
            after=cursor and Place(cursor.at, cursor.id),
            size=said["per_page"] or USUAL_ROWS,
        )
        headers = {}
        if found.next:
            headers["Link"] = next_link(request, Cursor(found.next.at, found.next.id))
        if said["format"] == "csv":
            return _csv(rows_as_csv(found), f"{number}-rows-{slug}", headers)
        return answer_read(request, found.rows, headers)


def _defined(name: str) -> dict[str, Any]:
    number = NUMBERS[name]
    return {
        "number": name,
        "title": str(number.title),
        "unit": number.unit,
        "definition": str(number.definition),
        "formula": str(number.formula),
        "numerator": str(number.numerator_label),
        "denominator": str(number.denominator_label) or None,
        "excluded": {key: str(why) for key, why in number.excluded.items()},
        "group_by": list(number.group_by),
        "parts": list(parts_of(number)),
    }


def _csv(text: str, name: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-cache",
            **(headers or {}),
        },
    )
