from django.urls import path

from analytics.api.views import NumbersView, NumberView, RowsView

urlpatterns = [
    path("analytics", NumbersView.as_view(), name="numbers"),
    path("analytics/<number>", NumberView.as_view(), name="number"),
    path("analytics/<number>/rows", RowsView.as_view(), name="number-rows"),
]
