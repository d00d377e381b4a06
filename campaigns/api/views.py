"""/v1/shops/{slug}/campaigns and /v1/shops/{slug}/discounts."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.changes import amended_campaign, amended_discount, new_campaign, new_discount
from campaigns.api.description import (
    describe_campaign,
    describe_campaigns,
    describe_discount,
    describe_discounts,
)
from campaigns.api.filters import CampaignFilters, DiscountFilters
from campaigns.api.representation import represent_campaign, represent_discount
from campaigns.discounts import change_discount, create_discount, delete_discount, find_discount
from campaigns.errors import CampaignNotFound, DiscountNotFound
from campaigns.inputs import (
    CampaignAmendment,
    CampaignDiscountAmendment,
    CampaignDiscountInput,
    CampaignInput,
)
from campaigns.models import Campaign, Discount
from campaigns.services import change_campaign, create_campaign, delete_campaign, find_campaign
from common.api.answers import answer_read
from common.api.bodies import about_the_body, read_body
from common.api.paging import next_link, take_page
from common.api.queries import filtered
from intake.idempotency import Answer
from orders.api.once import respond_once
from shops.api.views import ShopView


class CampaignBase(ShopView):
    def find(self, campaign_id: str) -> Campaign:
        if (uuid := _uuid(campaign_id)) is None:
            raise CampaignNotFound(f"There is no campaign {campaign_id} in this shop.")
        return find_campaign(self.shop, uuid)

    def represent(self, campaign: Campaign) -> dict[str, Any]:
        return represent_campaign(self.shop, campaign, at=timezone.now())


@describe_campaigns
class CampaignsView(CampaignBase):
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Newest first; `Link` leads to the next page."""
        rows = Campaign.objects.of(self.shop).kept().select_related("discount")
        campaigns, asked = filtered(CampaignFilters, request.GET, rows)
        page, cursor = take_page(campaigns, asked, by="created_at")
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_read(request, [self.represent(campaign) for campaign in page], headers)

    def post(self, request: Request, slug: str) -> Response:
        """Make a campaign; it is shown once it is enabled and its time has come."""
        said = read_body(CampaignInput, request.data)

        def create() -> Answer:
            with about_the_body():
                campaign = create_campaign(self.shop, new_campaign(said))
            return Answer(content=self.represent(campaign))

        return respond_once(request, self.shop, create)


@describe_campaign
class CampaignView(CampaignBase):
    def get(self, request: Request, slug: str, campaign_id: str) -> HttpResponse:
        """One campaign."""
        return answer_read(request, self.represent(self.find(campaign_id)))

    def put(self, request: Request, slug: str, campaign_id: str) -> Response:
        """Replace it: what is absent takes its default, but `code` and `enabled` stay."""
        campaign = self.find(campaign_id)
        said = read_body(CampaignInput, request.data)
        with about_the_body():
            campaign = change_campaign(campaign, new_campaign(said))
        return Response(self.represent(campaign))

    def patch(self, request: Request, slug: str, campaign_id: str) -> Response:
        """Change what is given."""
        campaign = self.find(campaign_id)
        said = read_body(CampaignAmendment, request.data)
        with about_the_body():
            campaign = change_campaign(campaign, amended_campaign(said))
        return Response(self.represent(campaign))

    def delete(self, request: Request, slug: str, campaign_id: str) -> Response:
        """Delete it; orders that it brought still count as repeat purchases."""
        delete_campaign(self.find(campaign_id))
        return Response(status=204)


class DiscountBase(ShopView):
    def find(self, discount_id: str) -> Discount:
        if (uuid := _uuid(discount_id)) is None:
            raise DiscountNotFound(f"There is no discount {discount_id} in this shop.")
        return find_discount(self.shop, uuid)

    def represent(self, discount: Discount) -> dict[str, Any]:
        return represent_discount(self.shop, discount)


@describe_discounts
class DiscountsView(DiscountBase):
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Newest first; `Link` leads to the next page."""
        discounts, asked = filtered(
            DiscountFilters, request.GET, Discount.objects.of(self.shop).all()
        )
        page, cursor = take_page(discounts, asked, by="created_at")
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_read(request, [self.represent(discount) for discount in page], headers)

    def post(self, request: Request, slug: str) -> Response:
        """Make a discount, which campaigns may give."""
        said = read_body(CampaignDiscountInput, request.data)

        def create() -> Answer:
            with about_the_body():
                discount = create_discount(self.shop, new_discount(said))
            return Answer(content=self.represent(discount))

        return respond_once(request, self.shop, create)


@describe_discount
class DiscountView(DiscountBase):
    def get(self, request: Request, slug: str, discount_id: str) -> HttpResponse:
        """One discount."""
        return answer_read(request, self.represent(self.find(discount_id)))

    def put(self, request: Request, slug: str, discount_id: str) -> Response:
        """Replace it: what is absent takes its default."""
        discount = self.find(discount_id)
        said = read_body(CampaignDiscountInput, request.data)
        with about_the_body():
            discount = change_discount(discount, new_discount(said))
        return Response(self.represent(discount))

    def patch(self, request: Request, slug: str, discount_id: str) -> Response:
        """Change what is given."""
        discount = self.find(discount_id)
        said = read_body(CampaignDiscountAmendment, request.data)
        with about_the_body():
            discount = change_discount(discount, amended_discount(said))
        return Response(self.represent(discount))

    def delete(self, request: Request, slug: str, discount_id: str) -> Response:
        """Delete it; campaigns that gave it go on without one."""
        delete_discount(self.find(discount_id))
        return Response(status=204)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
