from django.urls import path

from orders.api.bulk import BulkView
from orders.api.order import AnalyticsView, CancelView, OrderView, ShipmentView
from orders.api.views import OrdersView

urlpatterns = [
    path("orders", OrdersView.as_view(), name="orders"),
    path("orders/bulk", BulkView.as_view(), name="orders-bulk"),
    path("orders/<order_id>", OrderView.as_view(), name="order"),
    path("orders/<order_id>/analytics", AnalyticsView.as_view(), name="order-analytics"),
    path("orders/<order_id>/cancel", CancelView.as_view(), name="order-cancel"),
    path(
        "orders/<order_id>/shipments/<shipment_id>", ShipmentView.as_view(), name="order-shipment"
    ),
]
