"""Customers' pages. What stands before the token comes first, or it would be taken for one."""

from django.urls import path

from tracking.claim_photos import show_photo
from tracking.claims import begin_claim, choose_flow, claim_step, remove_claim_photo, show_claim
from tracking.order_page import show_order

app_name = "tracking"

urlpatterns = [
    path("photos/<str:photo_token>", show_photo, name="claim_photo"),
    path("t/<str:token>", show_order, name="order"),
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
