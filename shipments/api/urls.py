from django.urls import path

from shipments.api.events import EventsView, ManyEventsView
from shipments.api.feeds import AfterShipView, EasyPostView
from shipments.api.views import OneShipmentView, ShipmentsView

urlpatterns = [
    path("shipments", ShipmentsView.as_view(), name="shipments"),
    path("shipments/events", ManyEventsView.as_view(), name="shipments-events"),
    path("shipments/<shipment_id>", OneShipmentView.as_view(), name="shipment"),
    path("shipments/<shipment_id>/events", EventsView.as_view(), name="shipment-events"),
]

feed_urlpatterns = [
    path("<token>/aftership", AfterShipView.as_view(), name="feed-aftership"),
    path("<token>/easypost", EasyPostView.as_view(), name="feed-easypost"),
]
