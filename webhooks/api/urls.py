from django.urls import path

from webhooks.api.views import (
    DeliveriesView,
    DeliveryView,
    PreviewView,
    ReplaysView,
    ResendView,
    RotateView,
    TestView,
    WebhooksView,
    WebhookView,
)

urlpatterns = [
    path("webhooks", WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<webhook_id>", WebhookView.as_view(), name="webhook"),
    path("webhooks/<webhook_id>/rotate", RotateView.as_view(), name="webhook-rotate"),
    path("webhooks/<webhook_id>/test", TestView.as_view(), name="webhook-test"),
    path("webhooks/<webhook_id>/deliveries", DeliveriesView.as_view(), name="deliveries"),
    path("webhooks/<webhook_id>/deliveries/<delivery_id>", DeliveryView.as_view(), name="delivery"),
    path(
        "webhooks/<webhook_id>/deliveries/<delivery_id>/resend",
        ResendView.as_view(),
        name="delivery-resend",
    ),
    path("webhooks/<webhook_id>/replays", ReplaysView.as_view(), name="replays"),
    path("webhooks/<webhook_id>/replays/preview", PreviewView.as_view(), name="replay-preview"),
]
