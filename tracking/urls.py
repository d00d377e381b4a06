"""Customers' pages. What stands before the token comes first, or it would be taken for one."""

from django.urls import path

from tracking.calendar_file import arrival_file
from tracking.campaigns import to_campaign
from tracking.claim_photos import show_photo
from tracking.claims import begin_claim, choose_flow, claim_step, remove_claim_photo, show_claim
from tracking.dressing import design_logo, design_style
from tracking.leaving import to_carrier, to_foot_link, to_shop
from tracking.lookup import find_order
from tracking.order_page import show_order
from tracking.previews.views import preview_logo, preview_style, show_preview
from tracking.ratings import rate

app_name = "tracking"

urlpatterns = [
    path("photos/<str:photo_token>", show_photo, name="claim_photo"),
    path("t/find/<slug:slug>", find_order, name="find"),
    path("t/design/<slug:slug>/<slug:digest>.css", design_style, name="design_style"),
    path("t/design/<slug:slug>/<slug:digest>.png", design_logo, name="design_logo"),
    path("t/preview/<str:key>", show_preview, name="preview"),
    path("t/preview/<str:key>/design.css", preview_style, name="preview_style"),
    path("t/preview/<str:key>/logo.png", preview_logo, name="preview_logo"),
    path("t/<str:token>", show_order, name="order"),
    path("t/<str:token>/shop", to_shop, name="to_shop"),
    path("t/<str:token>/c/<uuid:campaign_id>", to_campaign, name="campaign"),
    path("t/<str:token>/c/<uuid:campaign_id>/<int:place>", to_campaign, name="campaign_product"),
    path("t/<str:token>/links/<int:place>", to_foot_link, name="to_foot_link"),
    path("t/<str:token>/parcels/<uuid:shipment_id>/carrier", to_carrier, name="to_carrier"),
    path("t/<str:token>/parcels/<uuid:shipment_id>/arrival.ics", arrival_file, name="arrival"),
    path("t/<str:token>/parcels/<uuid:shipment_id>/rating", rate, name="rate"),
    path("t/<str:token>/claims", choose_flow, name="claims"),
    path("t/<str:token>/claims/begin", begin_claim, name="begin_claim"),
    path("t/<str:token>/claims/<uuid:claim_id>", show_claim, name="claim"),
    path(
        "t/<str:token>/claims/drafts/<uuid:draft_id>/photos/<uuid:photo_id>/remove",
        remove_claim_photo,
        name="remove_claim_photo",
    ),
    path("t/<str:token>/claims/drafts/<uuid:draft_id>/<slug:step>", claim_step, name="claim_step"),
]
