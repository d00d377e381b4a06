from django.urls import path

from campaigns.api.views import CampaignsView, CampaignView, DiscountsView, DiscountView

urlpatterns = [
    path("campaigns", CampaignsView.as_view(), name="campaigns"),
    path("campaigns/<campaign_id>", CampaignView.as_view(), name="campaign"),
    path("discounts", DiscountsView.as_view(), name="discounts"),
    path("discounts/<discount_id>", DiscountView.as_view(), name="discount"),
]
