"""What the API's description says of numbers, beside what the models say."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from pydantic import BaseModel, RootModel

from analytics.api import read_models
from analytics.api.parameters import QuestionForm, RowsForm
from analytics.api.samples import ANSWER, DEFINITION, ROW
from analytics.catalogue.numbers import NUMBERS
from common.api.openapi import query_parameters, refusals
from orders.api.description import ETAG, IF_NONE_MATCH, LINK, NOT_MODIFIED, SLUG


class Definitions(RootModel[list[read_models.Definition]]):
    """Every number there is."""


class CountedRows(RootModel[list[read_models.CountedRow]]):
    """Newest order first."""


NUMBER = OpenApiParameter(
    "number",
    {"type": "string", "enum": list(NUMBERS)},
    OpenApiParameter.PATH,
    description="Its name.",
)
CSV = {(200, "text/csv"): OpenApiResponse(str, "The same as a table, with `format=csv`.")}


def _json(model: type[BaseModel], text: str, value: object) -> dict[tuple[int, str], object]:
    example = OpenApiExample("Answer", value, media_type="application/json")
    return {(200, "application/json"): OpenApiResponse(model, text, examples=[example])}


describe_numbers = extend_schema_view(
    get=extend_schema(
        operation_id="list_numbers",
        summary="List Numbers",
        parameters=[SLUG, IF_NONE_MATCH, ETAG],
        responses={
            **_json(Definitions, "The numbers.", [DEFINITION]),
            **NOT_MODIFIED,
            **refusals(),
        },
    ),
)

describe_number = extend_schema_view(
    get=extend_schema(
        operation_id="get_number",
        summary="Get Number",
        parameters=[
            SLUG,
            NUMBER,
            IF_NONE_MATCH,
            ETAG,
            *query_parameters(QuestionForm.base_fields),
        ],
        responses={
            **_json(read_models.Answer, "The number, and how it came about.", ANSWER),
            **CSV,
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
)

describe_rows = extend_schema_view(
    get=extend_schema(
        operation_id="list_number_rows",
        summary="List Number Rows",
        parameters=[
            SLUG,
            NUMBER,
            LINK,
            IF_NONE_MATCH,
            ETAG,
            *query_parameters(RowsForm.base_fields),
        ],
        responses={
            **_json(CountedRows, "The rows, newest order first.", [ROW]),
            **CSV,
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
)
