"""/v1/carriers/match: which carrier tracking numbers belong to."""

from typing import Annotated, Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from pydantic import Field, RootModel, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.bodies import read_body
from common.api.openapi import refusals
from common.api.read_models import ReadModel
from common.wire import Name, RequiredCode, Wire
from shipments.matching.match import match
from shops.api.views import KeyView

MAX_NUMBERS = 1_000

CountryCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2})?$")
]


class MatchInput(Wire):
    tracking_numbers: Annotated[
        list[RequiredCode], Field(min_length=1, max_length=MAX_NUMBERS, description="1 to 1,000.")
    ]
    tracking_company: Annotated[
        Name | None, Field(description="The carrier of all of them in the shop's own words.")
    ] = None
    country_code: Annotated[
        CountryCode | None, Field(description="Where they go: ISO 3166-1, two letters.")
    ] = None


class CandidateModel(ReadModel):
    carrier_reference: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: str


class MatchModel(ReadModel):
    tracking_number: str
    carrier_reference: Annotated[
        str | None, Field(description="`null` where no candidate is certain enough.")
    ]
    confidence: Annotated[float, Field(ge=0, le=1, description="0 without a carrier.")]
    reason: str
    candidates: Annotated[list[CandidateModel], Field(description="The likeliest first.")]


class Matches(RootModel[list[MatchModel]]):
    """One for each number, in their order."""


describe_match = extend_schema_view(
    post=extend_schema(
        operation_id="match_carriers",
        summary="Match Carriers",
        request=MatchInput,
        responses={200: Matches, **refusals(400, 413, 415, 422, in_shop=False)},
        examples=[
            OpenApiExample(
                "Two numbers",
                {
                    "tracking_numbers": ["1Z12345E0205271686", "00340434161094042557"],
                    "tracking_company": "UPS Standard",
                    "country_code": "DE",
                },
                request_only=True,
            )
        ],
    ),
)


@describe_match
class MatchView(KeyView):
    def post(self, request: Request) -> Response:
        """Say which carriers tracking numbers belong to, how sure that is, and why."""
        said = read_body(MatchInput, request.data)
        company, country = said.tracking_company or "", said.country_code or ""
        return Response([_represent(n, company, country) for n in said.tracking_numbers])


def _represent(number: str, company: str, country: str) -> dict[str, Any]:
    found = match(number, tracking_company=company, country_code=country)
    candidates = [candidate._asdict() for candidate in found.candidates]
    return {"tracking_number": number, **found._asdict(), "candidates": candidates}
