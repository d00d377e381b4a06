"""The back office's pages of shipments."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from auditlog.models import LogEntry
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.back_office import BackOfficeAdmin, ReadOnlyAdmin, short_moment, uuid_or_none
from common.errors import Conflict
from orders.inputs import ProductInput
from orders.line_inline import LineInline, save_lines
from orders.models import Order, OrderLine
from orders.rows import PRODUCT_COLUMNS
from orders.services import note_order_change
from shipments.arrival.clocks import Clock
from shipments.arrival.stages import Stage
from shipments.audit import history_of, order_edited
from shipments.mending import recompute_phase, rematch_carrier
from shipments.models import Shipment, ShipmentLine, TransitHistory
from shipments.scan_admin import scans_at_a_glance
from shipments.services import (
    amend_shipment,
    attach_tracking,
    correct_carrier,
    detach_tracking,
    follow_order_lines,
)
from shipments.tracking_form import CARRIER_WORDS, SAID, ShipmentForm
from shops.models import Shop
from shops.shop_filter import ShopFilter

MOST_FOUND = 1_000


class ShipmentInline(admin.TabularInline):  # type: ignore[type-arg]
    """An order's parcels at a glance; each leads to its own page."""

    model = Shipment
    fields = ["parcel", "phase", "carrier_reference", "flag", "tracking_placed_at", "delivered_at"]
    readonly_fields = [
        "parcel",
        "phase",
        "carrier_reference",
        "flag",
        "tracking_placed_at",
        "delivered_at",
    ]
    extra = max_num = 0
    can_delete = False
    show_change_link = True
    ordering = ["position"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="tracking number")
    def parcel(self, shipment: Shipment) -> str:
        return shipment.tracking_number or "Expected"


class ShipmentLineInline(LineInline):
    """Edited only where the parcel has lines of its own: else it shows those of its order."""

    model = ShipmentLine
    verbose_name_plural = "own lines"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _has_editable_lines(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _has_editable_lines(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _has_editable_lines(obj) and super().has_delete_permission(request, obj)


@admin.register(Shipment)
class ShipmentAdmin(BackOfficeAdmin):
    form = ShipmentForm
    change_form_template = "admin/shipments/shipment/change_form.html"
    list_display = [
        "__str__",
        "shop",
        "order",
        "phase",
        "carrier_reference",
        "flag",
        "handed_over",
        "changed",
    ]
    list_select_related = ["shop", "order"]
    list_filter = ["phase", "flag", "direction", ShopFilter, "carrier_reference"]
    ordering = ["-id"]
    sortable_by = ()
    search_fields = ["tracking_number"]
    search_help_text = "The whole tracking number or order number, or the id of either."
    actions = ["detach", "give_own_lines", "follow_lines", "recompute", "rematch"]
    value_words = CARRIER_WORDS
    note = (
        "Parcels follow from their order: how many are expected is set there, "
        "and that is where a tracking is attached."
    )

    # Lists and permissions

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Shipment]", search_term: str
    ) -> tuple["QuerySet[Shipment]", bool]:
        """By whole numbers, each looked up in its own index, which begins with the shop."""
        term = search_term.strip()
        if not term:
            return queryset, False
        shipments = Shipment.objects.filter(shop__in=Shop.objects.values("id"))
        orders = Order.objects.filter(shop__in=Shop.objects.values("id"), order_number=term)
        order_ids = set(orders.values_list("id", flat=True)[:MOST_FOUND])
        found = set(
            shipments.filter(tracking_number=term).values_list("id", flat=True)[:MOST_FOUND]
        )
        if (named := uuid_or_none(term)) is not None:
            found.add(named)
            order_ids.add(named)
        found |= set(_of_orders(order_ids))
        return queryset.filter(id__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A draft has at most lines to edit, and a cancelled order is left as it is."""
        if isinstance(obj, Shipment) and (
            obj.order.is_cancelled or (obj.is_draft and not obj.has_own_lines)
        ):
            return False
        return super().has_change_permission(request, obj)

    # The page of one shipment

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Shipment]":
        return super().get_queryset(request).select_related("order__shop", "shop")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        seen = ["seen"] if self.has_change_permission(request, obj) else []
        return [
            (None, {"fields": [*seen, "tracking_number", "shop", "order_link"]}),
            (
                "Carrier",
                {
                    "fields": [
                        "carrier_reference",
                        "carrier_reason",
                        "carrier_confidence",
                        "is_carrier_corrected",
                        *SAID,
                    ]
                },
            ),
            (
                "Where it is",
                {
                    "fields": [
                        "phase",
                        "flag",
                        "direction",
                        "carrier_page",
                        "delivered_at",
                        "is_test",
                    ]
                },
            ),
            ("Content", {"fields": ["has_own_lines", "lines_of_order"]}),
            ("Scans", {"fields": ["scans"]}),
            ("Dates", {"fields": ["created_at", "updated_at"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        has_tracking = isinstance(obj, Shipment) and not obj.is_draft
        return [
            *(() if has_tracking else ("carrier_reference", *SAID)),
            "tracking_number",
            "shop",
            "order_link",
            "carrier_reason",
            "carrier_confidence",
            "is_carrier_corrected",
            "phase",
            "flag",
            "direction",
            "carrier_page",
            "delivered_at",
            "is_test",
            "has_own_lines",
            "lines_of_order",
            "scans",
            "created_at",
            "updated_at",
        ]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [ShipmentLineInline] if obj and obj.has_own_lines else []

    def save_changeform(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        shipment = self.get_object(request, object_id or "")
        if shipment is None:
            return super().save_changeform(request, object_id, form_url, extra_context)
        with order_edited(shipment.shop, shipment.order_id):
            return super().save_changeform(request, object_id, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: Shipment, form: "ModelForm[Shipment]", change: bool
    ) -> None:
        """By the services: the form's instance itself is never saved."""
        form = cast("ShipmentForm", form)
        changed = form.changed_names()
        if "carrier_reference" in changed:
            correct_carrier(obj, form.cleaned_data["carrier_reference"])
        if form.tracking is not None and not set(changed).isdisjoint(SAID):
            attach_tracking(obj.order, form.tracking)

    def save_formset(
        self,
        request: HttpRequest,
        form: "ModelForm[Shipment]",
        formset: "BaseInlineFormSet[Any, Any, Any]",
        change: bool,
    ) -> None:
        shipment = form.instance
        formset.save(commit=False)
        siblings = ShipmentLine.objects.of(shipment.shop).filter(shipment_id=shipment.id)
        if save_lines(formset, shipment.shop, siblings):
            Shipment.objects.of(shipment.shop).filter(id=shipment.id).update(
                updated_at=timezone.now()
            )
            order = Order.objects.of(shipment.shop).get(id=shipment.order_id)
            note_order_change(order, changed=["shipments"])

    def audit_entries(self, obj: Model) -> "QuerySet[LogEntry]":
        return history_of(cast("Shipment", obj))

    # Actions

    @admin.action(description="Detach the tracking: it was a wrong one", permissions=["change"])
    def detach(self, request: HttpRequest, queryset: "QuerySet[Shipment]") -> HttpResponse | None:
        page = self.ask_first(
            request,
            queryset,
            action="detach",
            question=("Detach this tracking?", "Detach these trackings?"),
            consequence=(
                "Each parcel is expected again, or goes away where none is expected any more. "
                "What its carrier reported is no longer shown."
            ),
        )
        if page is not None:
            return page
        order_ids = list(queryset.values_list("order_id", flat=True)[:2])
        self.act_on_each(request, queryset, _detach, done="Detached")
        if len(order_ids) != 1:
            return None
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=order_ids))

    @admin.action(description="Give it its own lines", permissions=["change"])
    def give_own_lines(
        self, request: HttpRequest, queryset: "QuerySet[Shipment]"
    ) -> HttpResponse | None:
        page = self.ask_first(
            request,
            queryset,
            action="give_own_lines",
            question=("Give this parcel its own lines?", "Give these parcels their own lines?"),
            consequence=(
                "The order’s lines are copied. From then on, "
                "a change of the order’s lines no longer changes the parcel’s."
            ),
        )
        return page or self._act_and_show(
            request, queryset, _give_own_lines, done="Lines copied to"
        )

    @admin.action(description="Let it hold its order’s lines again", permissions=["change"])
    def follow_lines(
        self, request: HttpRequest, queryset: "QuerySet[Shipment]"
    ) -> HttpResponse | None:
        page = self.ask_first(
            request,
            queryset,
            action="follow_lines",
            question=(
                "Let this parcel hold its order’s lines again?",
                "Let these parcels hold their orders’ lines again?",
            ),
            consequence="Lines of a parcel’s own are deleted.",
        )
        return page or self._act_and_show(
            request, queryset, _follow_lines, done="The order’s lines are held again by"
        )

    @admin.action(description="Work the phase out again from its scans", permissions=["change"])
    def recompute(
        self, request: HttpRequest, queryset: "QuerySet[Shipment]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            _recompute,
            action="recompute",
            question="Work the phase out again?",
            consequence=(
                "Phase, since when, flag and delivery follow from all scans that are kept. "
                "Where that is what is stored already, nothing is changed."
            ),
            done="Phase worked out again",
        )

    @admin.action(description="Match the carrier again", permissions=["change"])
    def rematch(self, request: HttpRequest, queryset: "QuerySet[Shipment]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            _rematch,
            action="rematch",
            question="Match the carrier again?",
            consequence=(
                "By the rules of today. A carrier that the shop or a person named stays. "
                "Webhooks are told of another carrier."
            ),
            done="Carrier matched again",
        )

    def _act_and_show(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Shipment]",
        act: Callable[[Shipment], None],
        *,
        done: str,
    ) -> HttpResponse | None:
        """Back to the parcel's page where it is only one."""
        ids = list(queryset.values_list("id", flat=True)[:2])
        self.act_on_each(request, queryset, act, done=done)
        if len(ids) != 1:
            return None
        return HttpResponseRedirect(reverse("admin:shipments_shipment_change", args=ids))

    # What is only shown

    @admin.display(description="handed over")
    def handed_over(self, shipment: Shipment) -> str:
        return short_moment(shipment.tracking_placed_at)

    @admin.display(description="last change")
    def changed(self, shipment: Shipment) -> str:
        return short_moment(shipment.updated_at)

    @admin.display(description="order")
    def order_link(self, shipment: Shipment) -> SafeString:
        url = reverse("admin:orders_order_change", args=[shipment.order_id])
        return format_html('<a href="{}">{}</a>', url, shipment.order)

    @admin.display(description="carrier’s page")
    def carrier_page(self, shipment: Shipment) -> SafeString | str:
        url = shipment.carrier_url
        if not url.startswith(("https://", "http://")):
            return url or "-"
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', url)

    @admin.display(description="lines of its order")
    def lines_of_order(self, shipment: Shipment) -> SafeString | str:
        if shipment.has_own_lines:
            return "It has its own, below."
        lines = OrderLine.objects.of(shipment.shop).filter(order_id=shipment.order_id)
        return format_html_join("", "{}<br>", ((str(line),) for line in lines)) or "None."

    @admin.display(description="newest first")
    def scans(self, shipment: Shipment) -> SafeString | str:
        return scans_at_a_glance(shipment)


@admin.register(TransitHistory)
class TransitHistoryAdmin(ReadOnlyAdmin):
    """What a shop's arrivals are estimated from; its counts by hour are too many to read."""

    search_fields = ["shop__name", "shop__slug"]
    search_help_text = "The shop’s name, or its name in addresses."
    list_display = ["shop", "deliveries", "since", "computed_at"]
    list_select_related = ["shop"]
    list_filter = [ShopFilter]
    fields = ["shop", "deliveries", "since", "computed_at", "stages", "delivery_days"]
    readonly_fields = ["stages", "delivery_days"]
    ordering = ["-computed_at", "-id"]
    sortable_by = ()

    @admin.display(description="stages")
    def stages(self, history: TransitHistory) -> SafeString | str:
        rows = (
            (Stage(stage).label.capitalize(), Clock(clock).label, f"{share:.1%}")
            for stage, clock, share in history.measures
        )
        return format_html_join("", "{}: counted in {}; {} within<br>", rows) or "-"

    @admin.display(description="delivery days")
    def delivery_days(self, history: TransitHistory) -> SafeString | str:
        rows = (
            (carrier or "any carrier", country or "?", ", ".join(WEEKDAYS_ABBR[d] for d in days))
            for carrier, country, days in history.weekdays
        )
        return format_html_join("", "{} in {}: {}<br>", rows) or "-"


def _has_editable_lines(shipment: Any) -> bool:
    return isinstance(shipment, Shipment) and shipment.has_own_lines


def _detach(shipment: Shipment) -> None:
    with order_edited(shipment.shop, shipment.order_id) as order:
        current = Shipment.objects.of(order.shop).filter(id=shipment.id).first()
        if current is None or current.is_draft:
            raise Conflict("it has no tracking.")
        current.order = order
        detach_tracking(current)


def _give_own_lines(shipment: Shipment) -> None:
    """The order's lines, copied as a shop would send them for the parcel."""
    with order_edited(shipment.shop, shipment.order_id) as order:
        current = Shipment.objects.of(order.shop).filter(id=shipment.id).first()
        if current is None or current.has_own_lines:
            raise Conflict("it has its own lines already, or is gone.")
        columns = [name for name in PRODUCT_COLUMNS if name != "position"]
        rows = OrderLine.objects.of(order.shop).filter(order=order).order_by("position")
        products = [ProductInput.model_validate(row) for row in rows.values(*columns)]
        current.order = order
        amend_shipment(current, products=products)


def _follow_lines(shipment: Shipment) -> None:
    with order_edited(shipment.shop, shipment.order_id) as order:
        current = Shipment.objects.of(order.shop).filter(id=shipment.id).first()
        if current is None or not current.has_own_lines:
            raise Conflict("it has no lines of its own.")
        current.order = order
        follow_order_lines(current)


def _recompute(shipment: Shipment) -> str:
    before = shipment.get_phase_display()
    with order_edited(shipment.shop, shipment.order_id) as order:
        shipment.order = order
        if not recompute_phase(shipment):
            return f"{before}, as before"
    return f"{before} → {_as_stored(shipment).get_phase_display()}"


def _rematch(shipment: Shipment) -> str:
    before = shipment.carrier_reference or "no carrier"
    with order_edited(shipment.shop, shipment.order_id) as order:
        shipment.order = order
        if not rematch_carrier(shipment):
            return f"{before}, as before"
    return f"{before} → {_as_stored(shipment).carrier_reference or 'no carrier'}"


def _as_stored(shipment: Shipment) -> Shipment:
    return Shipment.objects.of(shipment.shop).get(id=shipment.id)


def _of_orders(order_ids: set[UUID]) -> list[UUID]:
    """Shipments of these orders, each found through its order's shop."""
    if not order_ids:
        return []
    shop_ids = Order.objects.filter(id__in=order_ids).values("shop_id")
    shipments = Shipment.objects.filter(shop__in=shop_ids, order_id__in=order_ids)
    return list(shipments.values_list("id", flat=True)[:MOST_FOUND])
