"""Where a shop's scans come from: aggregators that deliver, carriers that are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from uuid import UUID

import structlog
from celery import current_app
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.status import Status, Tone
from shipments.feeds.aggregators.connections import (
    LONGEST_SECRET,
    addresses_of,
    connect_aggregator,
    disconnect_aggregator,
    replace_secret,
)
from shipments.feeds.carriers.connections import (
    connect_carrier,
    disconnect_carrier,
    replace_credentials,
    set_asking,
)
from shipments.feeds.carriers.connectors import CONNECTORS, Connector
from shipments.feeds.carriers.troubles import trouble_words
from shipments.feeds.models import Aggregator, AggregatorConnection, CarrierConnection, Poll
from shops.models import Role, Shop

IS_SDK_INSTALLED = find_spec("karrio") is not None

ROOM = "feeds"

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class AggregatorRow:
    connection: AggregatorConnection
    url: str
    status: Status
    form: "SecretForm"


@dataclass(frozen=True, kw_only=True)
class CarrierRow:
    connector: Connector
    connection: CarrierConnection | None
    status: Status
    listed: int
    """Parcels that it is asked about."""

    @property
    def trouble(self) -> str:
        """What keeps it from answering, as long as it is asked."""
        if self.connection is None or not self.connection.is_active:
            return ""
        return trouble_words(self.connection.last_trouble)


def _secret_field() -> forms.CharField:
    """Never shown again: what is stored is not filled in."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=gettext_lazy("Secret"), widget=widget, strip=False)


class SecretForm(forms.Form):
    secret = _secret_field()


class AggregatorForm(forms.Form):
    aggregator = forms.TypedChoiceField(
        label=gettext_lazy("Aggregator"), choices=Aggregator.choices, coerce=Aggregator
    )
    secret = _secret_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["secret"].help_text = gettext_lazy(
            "What it signs its deliveries with; it shows it beside its webhooks, or you choose one."
        )
        self.fields["secret"].widget.attrs["maxlength"] = LONGEST_SECRET


class CredentialsForm(forms.Form):
    """What the carrier's connector needs. Fields stay empty: credentials are never shown again."""

    def __init__(self, connector: Connector, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        for field in connector.fields:
            is_secret = "secret" in field.name or "key" in field.name
            kind = forms.PasswordInput if is_secret else forms.TextInput
            self.fields[field.name] = forms.CharField(
                label=_(field.label),
                required=not field.is_optional,
                widget=kind(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )


@require_safe
@shop_page(Role.ADMIN)
def feeds(request: ShopRequest, shop: Shop) -> HttpResponse:
    return _page(request, shop, AggregatorForm())


@sensitive_post_parameters("secret")
@require_POST
@shop_page(Role.ADMIN)
def add_aggregator(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = AggregatorForm(request.POST)
    if form.is_valid() and _done(form, lambda: connect_aggregator(shop, **form.cleaned_data)):
        said = _("%s is connected. Enter the address below as its webhook.")
        messages.success(request, said % form.cleaned_data["aggregator"].label)
        return redirect("portal:feeds", slug=shop.slug)
    return _page(request, shop, form, status=422)


@sensitive_post_parameters("secret")
@require_POST
@shop_page(Role.ADMIN)
def replace_aggregator_secret(
    request: ShopRequest, shop: Shop, connection_id: UUID
) -> HttpResponse:
    connection = _aggregator(shop, connection_id)
    form = SecretForm(request.POST)
    if form.is_valid() and _done(
        form, lambda: replace_secret(connection, form.cleaned_data["secret"])
    ):
        messages.success(request, _("From now on deliveries are signed with the new secret."))
    else:
        messages.error(request, _("The secret is as it was: %s") % _faults(form))
    return redirect("portal:feeds", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def remove_aggregator(request: ShopRequest, shop: Shop, connection_id: UUID) -> HttpResponse:
    connection = _aggregator(shop, connection_id)
    disconnect_aggregator(connection)
    said = _("%s is disconnected. What it reported stays.")
    messages.success(request, said % connection.get_aggregator_display())
    return redirect("portal:feeds", slug=shop.slug)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def carrier_page(request: ShopRequest, shop: Shop, carrier: str) -> HttpResponse:
    """Connects a carrier, or replaces the credentials that it has."""
    connector = _connector(carrier)
    connection = CarrierConnection.objects.of(shop).filter(carrier=carrier).first()
    form = CredentialsForm(connector, *([request.POST] if request.method == "POST" else []))

    def save() -> object:
        if connection is None:
            return connect_carrier(shop, connector, form.cleaned_data)
        return replace_credentials(connection, form.cleaned_data)

    if form.is_valid() and _done(form, save):
        saved = CarrierConnection.objects.of(shop).get(carrier=carrier)
        said = _("The credentials of %s are saved.") % connector.title
        messages.success(request, f"{said} {_try(saved)}")
        return redirect("portal:feeds", slug=shop.slug)
    context = {"connector": connector, "connection": connection, "form": form, "room": ROOM}
    status = 422 if form.errors else 200
    return render(request, "portal/feeds/carrier.html", context, status=status)


@require_POST
@shop_page(Role.ADMIN)
def try_carrier(request: ShopRequest, shop: Shop, carrier: str) -> HttpResponse:
    messages.success(request, _try(_carrier(shop, carrier)))
    return redirect("portal:feeds", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def switch_carrier(request: ShopRequest, shop: Shop, carrier: str) -> HttpResponse:
    connection = _carrier(shop, carrier)
    is_active = request.POST.get("is_active") == "on"
    set_asking(connection, is_active=is_active)
    said = _("%s is asked from now on.") if is_active else _("%s is asked no more.")
    messages.success(request, said % _connector(carrier).title)
    return redirect("portal:feeds", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def remove_carrier(request: ShopRequest, shop: Shop, carrier: str) -> HttpResponse:
    disconnect_carrier(_carrier(shop, carrier))
    said = _("%s is disconnected, and its credentials are deleted. What it reported stays.")
    messages.success(request, said % _connector(carrier).title)
    return redirect("portal:feeds", slug=shop.slug)


def _page(
    request: ShopRequest, shop: Shop, form: AggregatorForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "aggregators": _aggregator_rows(shop),
        "carriers": _carrier_rows(shop),
        "is_sdk_installed": IS_SDK_INSTALLED,
        "room": ROOM,
    }
    return render(request, "portal/feeds/page.html", context, status=status)


def _aggregator_rows(shop: Shop) -> list[AggregatorRow]:
    connections = list(AggregatorConnection.objects.of(shop))
    addresses = addresses_of(shop, connections)
    return [
        AggregatorRow(
            connection=connection,
            url=_url(addresses[connection.id].token, connection.aggregator),
            status=_aggregator_status(connection),
            form=SecretForm(auto_id=f"id_{connection.id}_%s"),
        )
        for connection in connections
        if connection.id in addresses
    ]


def _url(token: str, aggregator: str) -> str:
    """The whole address, as it is entered at the aggregator."""
    return settings.BASE_URL + reverse(f"feed-{aggregator}", kwargs={"token": token})


def _aggregator_status(connection: AggregatorConnection) -> Status:
    if connection.last_delivery_at is None:
        return Status(tone=Tone.EXPECTED, word=_("No delivery yet"))
    at = connection.last_delivery_at
    return Status(tone=Tone.DELIVERED, word=_("Last delivery"), since=at)


def _carrier_rows(shop: Shop) -> list[CarrierRow]:
    connections = {c.carrier: c for c in CarrierConnection.objects.of(shop)}
    ids = [connection.id for connection in connections.values()]
    waiting = Poll.objects.filter(shop=shop, connection_id__in=ids, due_at__isnull=False)
    listed = dict(waiting.values_list("connection_id").annotate(Count("id")))
    return [
        CarrierRow(
            connector=connector,
            connection=(connection := connections.get(name)),
            status=_carrier_status(connection),
            listed=listed.get(connection.id, 0) if connection else 0,
        )
        for name, connector in CONNECTORS.items()
    ]


def _carrier_status(connection: CarrierConnection | None) -> Status:
    if connection is None:
        return Status(tone=Tone.EXPECTED, word=_("Not connected"))
    if not connection.is_active:
        return Status(tone=Tone.RETURNED, word=_("Switched off"))
    if connection.last_trouble:
        at = connection.last_trouble_at
        return Status(tone=Tone.FAILED, word=_("Does not answer"), since=at)
    if connection.last_answer_at is None:
        return Status(tone=Tone.EXPECTED, word=_("Not asked yet"))
    return Status(tone=Tone.DELIVERED, word=_("Answers"), since=connection.last_answer_at)


def _aggregator(shop: Shop, connection_id: UUID) -> AggregatorConnection:
    connection = get_object_or_404(AggregatorConnection.objects.of(shop), id=connection_id)
    connection.shop = shop
    return connection


def _connector(carrier: str) -> Connector:
    if carrier not in CONNECTORS:
        raise Http404("There is no such carrier to connect to.")
    return CONNECTORS[carrier]


def _carrier(shop: Shop, carrier: str) -> CarrierConnection:
    connection = get_object_or_404(CarrierConnection.objects.of(shop), carrier=carrier)
    connection.shop = shop
    return connection


def _try(connection: CarrierConnection) -> str:
    """A worker asks; the network is no business of a request."""
    arguments = [str(connection.shop_id), str(connection.id)]
    try:
        current_app.send_task("feeds.try_carrier", args=arguments, expires=600)
    except OperationalError:
        log.warning("carrier.not_tried", carrier=connection.carrier)
        return _("It could not be tried right now; try again in a moment.")
    return _("It is being tried: reload in a moment to see the answer.")


def _done(form: forms.Form, change: Callable[[], object]) -> bool:
    """Whether it was done; else the form says what refused it."""
    try:
        change()
    except DomainError as refusal:
        for fault in refusal.faults:
            form.add_error(fault.field if fault.field in form.fields else None, fault.msg)
        if not refusal.faults:
            form.add_error(None, refusal.message)
        return False
    return True


def _faults(form: forms.Form) -> str:
    return " ".join(str(text) for texts in form.errors.values() for text in texts)
