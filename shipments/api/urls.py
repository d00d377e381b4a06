from django.urls import path

from shipments.api.events import EventsView, ManyEventsView

urlpatterns = [
    path("shipments/events", ManyEventsView.as_view(), name="shipments-events"),
    path("shipments/<shipment_id>/events", EventsView.as_view(), name="shipment-events"),
]
