"""Which events people are told of by e-mail, and what holds for all of those mails."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from notices.groups import NOTICE_GROUPS, About, NoticeGroup
from notices.models import Audience, Mail, MailState, Notice, NoticeText
from notices.recipients import settings_of, staff_addresses
from notices.services import save_settings, switch_notice
from portal.access import ShopRequest, shop_page
from portal.notices.faults import mail_fault
from portal.notices.forms import SettingsForm
from shops.models import Role, Shop

SECTIONS: dict[str, Promise] = {
    About.ORDER: gettext_lazy("Orders"),
    About.SHIPMENT: gettext_lazy("Parcels"),
    "return": gettext_lazy("Returns"),
    About.CLAIM: gettext_lazy("Claims"),
}


@dataclass(frozen=True, kw_only=True)
class Switch:
    audience: Audience
    is_on: bool
    is_own_text: bool


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    group: NoticeGroup
    switches: list[Switch | None]
    """For each audience, in their order; None where it does not hear of these events."""


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def notices(request: ShopRequest, shop: Shop) -> HttpResponse:
    """Posted, `on` holds the notices that are to be on, as “customers:shipment_delivered”."""
    if request.method == "POST":
        changed = _switch(shop, set(request.POST.getlist("on")))
        said = _("Saved.") if changed else _("Nothing has changed.")
        messages.success(request, said)
        return redirect("portal:notices", slug=shop.slug)
    return _page(request, shop, SettingsForm.of(shop, settings_of(shop)))


@require_POST
@shop_page(Role.ADMIN)
def notice_settings(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            save_settings(shop, **form.cleaned_data)
        except DomainError as refusal:
            for fault in refusal.faults:
                form.add_error(fault.field, fault.msg)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:notices", slug=shop.slug)
    return _page(request, shop, form)


def _switch(shop: Shop, wanted: set[str]) -> int:
    on = _switched_on(shop)
    changed = 0
    for group in NOTICE_GROUPS.values():
        for audience in group.audiences:
            is_on = f"{audience}:{group.name}" in wanted
            if is_on != ((audience, group.name) in on):
                switch_notice(shop, audience=audience, group=group.name, is_on=is_on)
                changed += 1
    return changed


def _page(request: ShopRequest, shop: Shop, form: SettingsForm) -> HttpResponse:
    troubled = Mail.objects.of(shop).filter(state=MailState.WAITING).exclude(error="").first()
    context = {
        "sections": _sections(shop),
        "audiences": Audience,
        "form": form,
        "staff": staff_addresses(shop),
        "trouble": mail_fault(troubled.error) if troubled else None,
    }
    return render(request, "portal/notices/overview.html", context)


def _sections(shop: Shop) -> list[tuple[Promise, list[GroupRow]]]:
    on, own = _switched_on(shop), _own_texts(shop)
    sections: dict[str, list[GroupRow]] = {name: [] for name in SECTIONS}
    for group in NOTICE_GROUPS.values():
        switches = [
            Switch(
                audience=audience,
                is_on=(audience, group.name) in on,
                is_own_text=(audience, group.name) in own,
            )
            if audience in group.audiences
            else None
            for audience in Audience
        ]
        name = "return" if group.name.startswith("return_") else group.about
        sections[name].append(GroupRow(group=group, switches=switches))
    return [(SECTIONS[name], rows) for name, rows in sections.items()]


def _switched_on(shop: Shop) -> set[tuple[str, str]]:
    rows = Notice.objects.of(shop).switched_on()
    return set(rows.values_list("audience", "event_group"))


def _own_texts(shop: Shop) -> set[tuple[str, str]]:
    return set(NoticeText.objects.of(shop).values_list("audience", "event_group"))
