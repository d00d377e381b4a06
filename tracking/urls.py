"""Customers' pages. What stands before the token comes first, or it would be taken for one."""

from django.urls import path

from tracking.order_page import show_order

app_name = "tracking"

urlpatterns = [
    path("t/<str:token>", show_order, name="order"),
]
