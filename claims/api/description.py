"""What the API's description says of claims, beside what the models say."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from pydantic import RootModel

from claims.api import read_models
from claims.api.filters import ClaimFilters
from claims.api.samples import READ_CLAIM, SAMPLE_CLAIM
from claims.inputs import ClaimInput, ClaimUpdate
from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from orders.api.description import (
    APPLIED,
    ETAG,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    LINK,
    NOT_MODIFIED,
    OUTCOME,
    REPLAYED,
    SLUG,
    answer,
)

CLAIM_ID = OpenApiParameter(
    "claim_id", {"type": "string", "format": "uuid"}, "path", description="The claim's `uuid`."
)
PREFER = OpenApiParameter(
    "Prefer",
    str,
    "header",
    description="The claim is answered anyway; `return=representation` is confirmed.",
)


class Claims(RootModel[list[read_models.Claim]]):
    """Newest first, without those that were deleted."""


def _example(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


describe_claims = extend_schema_view(
    get=extend_schema(
        operation_id="search_claims",
        summary="Search Claims",
        parameters=[
            SLUG,
            LINK,
            IF_NONE_MATCH,
            ETAG,
            *query_parameters(ClaimFilters.base_filters, PageForm.base_fields),
        ],
        responses={
            **answer(Claims, "The claims, newest first.", [READ_CLAIM]),
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
    post=extend_schema(
        operation_id="create_claim",
        summary="Create Claim",
        parameters=[SLUG, PREFER, APPLIED, IDEMPOTENCY_KEY, REPLAYED, OUTCOME],
        request=ClaimInput,
        responses={
            **answer(read_models.Claim, "The claim; `Karla-Outcome` says what.", READ_CLAIM),
            **refusals(400, 409, 413, 415, 422),
        },
        examples=[_example("Damaged on its way", SAMPLE_CLAIM)],
    ),
)

describe_claim = extend_schema_view(
    get=extend_schema(
        operation_id="get_claim",
        summary="Get Claim",
        parameters=[SLUG, CLAIM_ID, IF_NONE_MATCH, ETAG],
        responses={
            **answer(read_models.Claim, "The claim.", READ_CLAIM),
            **NOT_MODIFIED,
            **refusals(),
        },
    ),
    put=extend_schema(
        operation_id="update_claim",
        summary="Update Claim",
        parameters=[SLUG, CLAIM_ID, PREFER, APPLIED, OUTCOME],
        request=ClaimUpdate,
        responses={
            **answer(read_models.Claim, "The claim as it is now.", READ_CLAIM),
            **refusals(400, 409, 413, 415, 422),
        },
        examples=[_example("Accept", {"status": "accepted"})],
    ),
    delete=extend_schema(
        operation_id="delete_claim",
        summary="Delete Claim",
        parameters=[SLUG, CLAIM_ID],
        responses={204: OpenApiResponse(description="Deleted."), **refusals()},
    ),
)
