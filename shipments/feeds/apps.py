from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "shipments.feeds"
    label = "feeds"
