"""The back office's pages of feeds: connections, whose secrets are only written, and queues."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from common.back_office import BackOfficeAdmin, ReadOnlyAdmin
from shipments.feeds.aggregators.connections import connect_aggregator, replace_secret
from shipments.feeds.carriers.connections import (
    ask_again,
    connect_carrier,
    replace_credentials,
    set_asking,
)
from shipments.feeds.forms import AggregatorConnectionForm, CarrierConnectionForm
from shipments.feeds.models import AggregatorConnection, CarrierConnection, Poll, Simulation
from shops.shop_filter import ShopFilter


@admin.register(AggregatorConnection)
class AggregatorConnectionAdmin(BackOfficeAdmin):
    form = AggregatorConnectionForm
    list_display = ["aggregator", "shop", "last_delivery_at", "created_at"]
    list_select_related = ["shop"]
    list_filter = ["aggregator", ShopFilter]
    search_fields = ["aggregator", "shop__slug"]
    autocomplete_fields = ["shop"]
    note = "The address to enter at the aggregator is on the shop’s page of feeds."

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = ["shop", "aggregator", "new_secret"]
        return [*fields, "last_delivery_at", "created_at"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["shop", "aggregator", "last_delivery_at", "created_at"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool
    ) -> None:
        secret = form.cleaned_data["new_secret"]
        if not change:
            made, _ = connect_aggregator(obj.shop, aggregator=obj.aggregator, secret=secret)
            _become(obj, made)
        elif secret:
            replace_secret(obj, secret)


@admin.register(CarrierConnection)
class CarrierConnectionAdmin(BackOfficeAdmin):
    form = CarrierConnectionForm
    list_display = ["carrier", "shop", "is_active", "failures", "last_answer_at", "last_trouble"]
    list_select_related = ["shop"]
    list_filter = ["carrier", "is_active", ShopFilter]
    search_fields = ["carrier", "shop__slug", "last_trouble"]
    actions = ["ask_again"]
    autocomplete_fields = ["shop"]

    @admin.action(description="Ask again at once", permissions=["change"])
    def ask_again(
        self, request: HttpRequest, queryset: "QuerySet[CarrierConnection]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            lambda connection: f"{ask_again(connection)} parcels are asked for now",
            action="ask_again",
            question="Ask again at once?",
            consequence="Its failures are forgotten, and all its parcels are due now.",
            done="Asked again",
        )

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = ["shop", "carrier", "new_credentials"]
        return [*fields, "is_active", *FACTS] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["shop", "carrier", *FACTS] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool
    ) -> None:
        form = cast("CarrierConnectionForm", form)
        credentials = form.cleaned_data["new_credentials"]
        if not change:
            _become(obj, connect_carrier(obj.shop, form.connector, credentials))
            return
        if credentials:
            replace_credentials(obj, credentials)
        if "is_active" in form.changed_data:
            set_asking(obj, is_active=obj.is_active)


@admin.register(Poll)
class PollAdmin(ReadOnlyAdmin):
    list_display = ["tracking_number", "shop", "due_at", "misses", "failures", "last_asked_at"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    search_fields = ["tracking_number__exact"]
    search_help_text = "The whole tracking number."
    ordering = ["-id"]
    sortable_by = ()


@admin.register(Simulation)
class SimulationAdmin(ReadOnlyAdmin):
    list_display = ["story", "shop", "shipment", "started_at", "ended_at", "was_stopped"]
    list_select_related = ["shop", "shipment"]
    list_filter = ["was_stopped", ShopFilter]
    search_fields = ["story", "shop__slug"]
    ordering = ["-id"]
    sortable_by = ()


FACTS = [
    "failures",
    "blocked_until",
    "last_trouble",
    "last_trouble_at",
    "last_answer_at",
    "created_at",
    "updated_at",
]


def _become(obj: Model, made: Model) -> None:
    """The admin goes on with the row that the service made."""
    for field in made._meta.concrete_fields:
        setattr(obj, field.attname, getattr(made, field.attname))
    obj._state.adding = False
