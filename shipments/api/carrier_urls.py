"""Below /v1/carriers/: what is asked of carriers, not of a shop."""

from django.urls import path

from shipments.api.carriers import MatchView

urlpatterns = [path("match", MatchView.as_view(), name="carriers-match")]
