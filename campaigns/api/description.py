"""What the API's description says of campaigns and discounts, beside what the models say."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from campaigns.api import read_models
from campaigns.api.filters import CampaignFilters, DiscountFilters
from campaigns.api.samples import READ_CAMPAIGN, READ_DISCOUNT, SAMPLE_CAMPAIGN, SAMPLE_DISCOUNT
from campaigns.inputs import (
    CampaignAmendment,
    CampaignDiscountAmendment,
    CampaignDiscountInput,
    CampaignInput,
)
from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from orders.api.description import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    LINK,
    NOT_MODIFIED,
    REPLAYED,
    SLUG,
    answer,
)

UUID = {"type": "string", "format": "uuid"}
CAMPAIGN_ID = OpenApiParameter("campaign_id", UUID, "path", description="The campaign's `uuid`.")
DISCOUNT_ID = OpenApiParameter("discount_id", UUID, "path", description="The discount's `uuid`.")
READ = (IF_NONE_MATCH, ETAG)
ONCE = (IDEMPOTENCY_KEY, REPLAYED)
WRITING = (400, 409, 413, 415, 422)
DELETED = {204: OpenApiResponse(description="Deleted."), **refusals()}


def _example(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


def _campaign(text: str) -> dict[int, Any]:
    return answer(read_models.Campaign, text, READ_CAMPAIGN)


def _discount(text: str) -> dict[int, Any]:
    return answer(read_models.CampaignDiscount, text, READ_DISCOUNT)


describe_campaigns = extend_schema_view(
    get=extend_schema(
        operation_id="search_campaigns",
        summary="Search Campaigns",
        parameters=[
            SLUG,
            LINK,
            *READ,
            *query_parameters(CampaignFilters.base_filters, PageForm.base_fields),
        ],
        responses={
            **answer(read_models.Campaigns, "The campaigns, newest first.", [READ_CAMPAIGN]),
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
    post=extend_schema(
        operation_id="create_campaign",
        summary="Create Campaign",
        parameters=[SLUG, *ONCE],
        request=CampaignInput,
        responses={**_campaign("The campaign."), **refusals(*WRITING)},
        examples=[_example("For one segment", SAMPLE_CAMPAIGN)],
    ),
)

describe_campaign = extend_schema_view(
    get=extend_schema(
        operation_id="get_campaign",
        summary="Get Campaign",
        parameters=[SLUG, CAMPAIGN_ID, *READ],
        responses={**_campaign("The campaign."), **NOT_MODIFIED, **refusals()},
    ),
    put=extend_schema(
        operation_id="replace_campaign",
        summary="Replace Campaign",
        parameters=[SLUG, CAMPAIGN_ID],
        request=CampaignInput,
        responses={**_campaign("The campaign as it is now."), **refusals(*WRITING)},
        examples=[_example("For one segment", SAMPLE_CAMPAIGN)],
    ),
    patch=extend_schema(
        operation_id="update_campaign",
        summary="Update Campaign",
        parameters=[SLUG, CAMPAIGN_ID],
        request=CampaignAmendment,
        responses={**_campaign("The campaign as it is now."), **refusals(*WRITING)},
        examples=[_example("Pause", {"status": "paused"})],
    ),
    delete=extend_schema(
        operation_id="delete_campaign",
        summary="Delete Campaign",
        parameters=[SLUG, CAMPAIGN_ID],
        responses=DELETED,
    ),
)

describe_discounts = extend_schema_view(
    get=extend_schema(
        operation_id="search_discounts",
        summary="Search Discounts",
        parameters=[
            SLUG,
            LINK,
            *READ,
            *query_parameters(DiscountFilters.base_filters, PageForm.base_fields),
        ],
        responses={
            **answer(read_models.Discounts, "The discounts, newest first.", [READ_DISCOUNT]),
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
    post=extend_schema(
        operation_id="create_discount",
        summary="Create Discount",
        parameters=[SLUG, *ONCE],
        request=CampaignDiscountInput,
        responses={**_discount("The discount."), **refusals(*WRITING)},
        examples=[_example("Ten per cent", SAMPLE_DISCOUNT)],
    ),
)

describe_discount = extend_schema_view(
    get=extend_schema(
        operation_id="get_discount",
        summary="Get Discount",
        parameters=[SLUG, DISCOUNT_ID, *READ],
        responses={**_discount("The discount."), **NOT_MODIFIED, **refusals()},
    ),
    put=extend_schema(
        operation_id="replace_discount",
        summary="Replace Discount",
        parameters=[SLUG, DISCOUNT_ID],
        request=CampaignDiscountInput,
        responses={**_discount("The discount as it is now."), **refusals(*WRITING)},
        examples=[_example("Ten per cent", SAMPLE_DISCOUNT)],
    ),
    patch=extend_schema(
        operation_id="update_discount",
        summary="Update Discount",
        parameters=[SLUG, DISCOUNT_ID],
        request=CampaignDiscountAmendment,
        responses={**_discount("The discount as it is now."), **refusals(*WRITING)},
        examples=[_example("Another value", {"value": 15})],
    ),
    delete=extend_schema(
        operation_id="delete_discount",
        summary="Delete Discount",
        parameters=[SLUG, DISCOUNT_ID],
        responses=DELETED,
    ),
)
