from django.urls import path

from claims.api.views import ClaimsView, ClaimView

urlpatterns = [
    path("claims", ClaimsView.as_view(), name="claims"),
    path("claims/<claim_id>", ClaimView.as_view(), name="claim"),
]
