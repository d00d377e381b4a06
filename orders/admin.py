"""The back office's pages of orders."""

from typing import Any, cast
from uuid import UUID

from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from campaigns.attribution import TELLING, attribute_edited
from campaigns.models import Attribution
from campaigns.segments import keep_segments
from common.back_office import BackOfficeAdmin, short_moment, uuid_or_none
from common.errors import DomainError
from common.retry import retried
from orders.inputs import AddressInput
from orders.line_inline import OrderLineInline, save_lines
from orders.models import Order, OrderLine
from orders.order_form import OrderForm
from orders.services import cancel_order, note_order_change
from orders.states import OrderState
from shipments.admin import ShipmentInline
from shipments.audit import history_of, order_edited
from shipments.inputs import TrackingInput
from shipments.mending import recompute_state
from shipments.models import Shipment
from shipments.services import amend_order, attach_tracking, correct_carrier
from shipments.tracking_form import CARRIER_WORDS, AttachTrackingForm
from shops.models import Shop
from shops.shop_filter import ShopFilter

EXPECTED = "expected_number_of_shipments"
MOST_FOUND = 1_000


@admin.register(Order)
class OrderAdmin(BackOfficeAdmin):
    form = OrderForm
    change_form_template = "admin/orders/order/change_form.html"
    list_display = [
        "order_number",
        "shop",
        "state",
        "email_id",
        "zip_code",
        "total",
        "placed",
    ]
    sortable_by = ()
    list_select_related = ["shop"]
    list_filter = ["state", ShopFilter, "order_placed_at"]
    search_fields = ["search_text"]
    search_help_text = (
        "Words of the number, name, e-mail address, recipient or ZIP code; "
        "or a whole tracking number, external id or id."
    )
    inlines = [OrderLineInline, ShipmentInline]
    actions = ["cancel", "recompute"]
    value_words = CARRIER_WORDS
    note = "Orders come from shops, by the API. Here they are put right."

    # Lists and permissions

    def get_ordering(self, request: HttpRequest) -> Any:
        """In an index either way: across shops the newest ids, in one shop the newest orders."""
        return ["-order_placed_at", "-id"] if request.GET.get("shop") else ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Order]", search_term: str
    ) -> tuple["QuerySet[Order]", bool]:
        """Whole numbers are looked up first, so that one index serves the words that are left."""
        term = search_term.strip()
        if not term:
            return queryset, False
        named = {"shop__in": Shop.objects.values("id")}
        trackings = Shipment.objects.filter(tracking_number=term, **named)
        found = set(trackings.values_list("order_id", flat=True)[:MOST_FOUND])
        orders = Order.objects.filter(external_id=term, **named)
        found |= set(orders.values_list("id", flat=True)[:MOST_FOUND])
        if (named_id := uuid_or_none(term)) is not None:
            found.add(named_id)
        words = Q(*(Q(search_text__contains=word) for word in term.lower().split()))
        return queryset.filter(words | Q(id__in=found) if found else words), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A cancelled order is left as it is, as the API leaves it."""
        if isinstance(obj, Order) and obj.is_cancelled:
            return False
        return super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Order]":
        return super().get_queryset(request).select_related("shop")

    # The page of one order

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        is_editable = self.has_change_permission(request, obj)
        address = ADDRESS_ROWS if is_editable else ["shown_address"]
        return [
            (
                None,
                {
                    "fields": [
                        *(["seen"] if is_editable else []),
                        ("shop", "state", "cancelled_at", "is_test"),
                        ("order_number", "order_name"),
                        ("external_id", EXPECTED),
                        "order_placed_at",
                    ]
                },
            ),
            (
                "Customer",
                {"fields": [("email_id", "external_customer_id"), "segments", "order_status_url"]},
            ),
            ("Address", {"fields": address}),
            (
                "Amounts",
                {
                    "fields": [
                        ("currency", "weight"),
                        ("total_order_price", "sub_total_price"),
                        ("shipping_price", "discount_price"),
                        "discounts",
                    ]
                },
            ),
            (
                "More that the shop said",
                {
                    "fields": ["preferred_delivery_date", "order_analytics", "user_agent"],
                    "classes": ["collapse"],
                },
            ),
            ("Campaign", {"fields": ["brought_by"], "classes": ["collapse"]}),
            ("Dates", {"fields": [("created_at", "updated_at")]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [
            *("shop", "state", "cancelled_at", "is_test"),
            *("created_at", "updated_at", "shown_address", "brought_by"),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_attach"] = self._may_attach(request, context.get("original"))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_changeform(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        order = self.get_object(request, object_id or "")
        if order is None:
            return super().save_changeform(request, object_id, form_url, extra_context)
        with order_edited(order.shop, order.id):
            return super().save_changeform(request, object_id, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: Order, form: "ModelForm[Order]", change: bool
    ) -> None:
        """Only the columns that were edited: all else may have been written by the API."""
        columns = cast("OrderForm", form).changed_columns()
        own = [name for name in columns if name != EXPECTED]
        if own:
            obj.save(update_fields=own)
        if EXPECTED in columns:
            amend_order(obj, expected=obj.expected_number_of_shipments)

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[Order]",
        formsets: "list[BaseInlineFormSet[Any, Any, Any]]",
        change: bool,
    ) -> None:
        order = Order.objects.of(form.instance.shop).get(id=form.instance.id)
        changed = [n for n in cast("OrderForm", form).changed_columns() if n != EXPECTED]
        lines = OrderLine.objects.of(order.shop).filter(order=order)
        for formset in formsets:
            formset.save(commit=False)
            if formset.model is OrderLine and save_lines(formset, order.shop, lines):
                changed = [*changed, "products"]
        if changed:
            note_order_change(order, changed=changed)
        if not TELLING.isdisjoint(changed):
            attribute_edited(order)
        if "segments" in changed and order.state != OrderState.PLACED:
            keep_segments(order.shop, [(order.id, form.initial["segments"])])

    def audit_entries(self, obj: Model) -> "QuerySet[LogEntry]":
        return history_of(cast("Order", obj))

    # Actions

    @admin.action(description="Cancel the selected orders", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: "QuerySet[Order]") -> HttpResponse | None:
        page = self.ask_first(
            request,
            queryset,
            action="cancel",
            question=("Cancel this order?", "Cancel these orders?"),
            consequence="A cancelled order stays cancelled, and takes no more changes.",
        )
        if page is not None:
            return page
        ids = list(queryset.values_list("id", flat=True)[:2])
        self.act_on_each(request, queryset, _cancel, done="Cancelled")
        if len(ids) != 1:
            return None
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=ids))

    @admin.action(description="Work the state out again", permissions=["change"])
    def recompute(self, request: HttpRequest, queryset: "QuerySet[Order]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            _recompute,
            action="recompute",
            question="Work the state out again?",
            consequence=(
                "The state follows from the parcels, and as many are expected as the order says. "
                "Where that is what is stored already, nothing is changed."
            ),
            done="State worked out again",
        )

    def get_urls(self) -> list[URLPattern]:
        attach = path(
            "<uuid:order_id>/attach-tracking/",
            self.admin_site.admin_view(self.attach_tracking_view),
            name="orders_order_attach_tracking",
        )
        return [attach, *super().get_urls()]

    def attach_tracking_view(self, request: HttpRequest, order_id: UUID) -> HttpResponse:
        """Fulfil the next expected parcel by hand."""
        order = self.get_object(request, str(order_id))
        if order is None or not self._may_attach(request, order):
            raise PermissionDenied
        shipments = Shipment.objects.of(order.shop).filter(order=order).fulfilled()
        taken = {str(number) for number in shipments.values_list("tracking_number", flat=True)}
        form = AttachTrackingForm(request.POST or None, taken=taken)
        if request.method == "POST" and form.is_valid() and form.tracking is not None:
            tracking = form.tracking
            try:
                retried(lambda _: _attach(order, tracking))
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                self.log_change(request, order, f"Attached {tracking.tracking_number}")
                self.message_user(
                    request, f"Attached {tracking.tracking_number}.", messages.SUCCESS
                )
                return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.id]))
        fieldsets = [(None, {"fields": list(form.fields)})]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Attach a tracking to order {order}",
            "opts": self.opts,
            "original": order,
            "form": form,
            "adminform": helpers.AdminForm(cast("Any", form), fieldsets, {}, model_admin=self),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/orders/order/attach_tracking.html", context)

    def _may_attach(self, request: HttpRequest, order: Any) -> bool:
        return (
            isinstance(order, Order)
            and self.has_change_permission(request, order)
            and request.user.has_perm("shipments.change_shipment")
        )

    # What is only shown

    @admin.display(description="placed")
    def placed(self, order: Order) -> str:
        return short_moment(order.order_placed_at)

    @admin.display(description="total")
    def total(self, order: Order) -> str:
        amount = order.total_order_price
        return "-" if amount is None else f"{amount:,.2f} {order.currency}"

    @admin.display(description="brought by")
    def brought_by(self, order: Order) -> str:
        found = Attribution.objects.of(order.shop).filter(order=order, campaign__shop=order.shop)
        attribution = found.select_related("campaign").first()
        if attribution is None:
            return "-"
        return f"{attribution.campaign}: {attribution.evidence} ({attribution})"

    @admin.display(description="address")
    def shown_address(self, order: Order) -> SafeString | str:
        parts = ((order.address[n],) for n in AddressInput.model_fields if order.address.get(n))
        return format_html_join("", "{}<br>", parts) or "-"


ADDRESS_ROWS = [
    ("address_name", "address_company"),
    ("address_address_line_1", "address_address_line_2"),
    "address_street",
    ("address_zip_code", "address_city"),
    ("address_province", "address_province_code"),
    ("address_country", "address_country_code"),
    "address_phone",
]


def _cancel(order: Order) -> None:
    with order_edited(order.shop, order.id) as locked:
        cancel_order(locked)


def _recompute(order: Order) -> str:
    before = order.get_state_display()
    with order_edited(order.shop, order.id) as locked:
        if not recompute_state(locked):
            return f"{before}, as before"
    after = Order.objects.of(order.shop).get(id=order.id)
    return f"{before} → {after.get_state_display()}"


def _attach(order: Order, tracking: TrackingInput) -> None:
    with order_edited(order.shop, order.id) as locked:
        shipment = attach_tracking(locked, tracking)
        if tracking.carrier_reference:
            shipment.order = locked
            correct_carrier(shipment, tracking.carrier_reference)
