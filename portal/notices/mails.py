"""Every mail of a shop: to whom, what became of it, what it said."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from notices.groups import NOTICE_GROUPS
from notices.models import Mail, MailState
from notices.rendering import Rendered
from notices.services import send_again
from portal.access import ShopRequest, shop_page
from portal.list_filters import PlaceForm
from portal.notices.faults import mail_fault
from portal.notices.status import mail_status
from portal.notices.wording import SHOWN_IN_A_FRAME
from portal.paging import Sorting, take_page
from portal.status import Status
from shops.models import Role, Shop

NEWEST_MAILS = Sorting(by="created_at")


@dataclass(frozen=True, kw_only=True)
class MailItem:
    mail: Mail
    status: Status

    @property
    def about(self) -> Any:
        """What it is about, in a few words."""
        group = NOTICE_GROUPS.get(self.mail.event_group)
        return group.label if group else self.mail.event_group


@require_safe
@shop_page(Role.EDITOR)
def mail_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Mail.objects.of(shop).defer("text", "html")
    rows = rows.filter(state=state) if state in MailState.values else rows
    place = PlaceForm(request.GET)
    where = place.cleaned_data if place.is_valid() else {}
    page = take_page(rows, NEWEST_MAILS, after=where.get("after"), before=where.get("before"))
    context = {
        "items": [MailItem(mail=mail, status=mail_status(mail)) for mail in page.rows],
        "page": page,
        "states": MailState,
        "state": state,
    }
    return render(request, "portal/notices/mails.html", context)


@csp_update({"frame-src": [SELF]})
@require_safe
@shop_page(Role.EDITOR)
def mail_page(request: ShopRequest, shop: Shop, mail_id: UUID) -> HttpResponse:
    mail = get_object_or_404(Mail.objects.of(shop), id=mail_id)
    context = {
        "mail": mail,
        "item": MailItem(mail=mail, status=mail_status(mail)),
        "may_write": Role(request.member.role).includes(Role.ADMIN),
        "fault": mail_fault(mail.error),
    }
    return render(request, "portal/notices/mail.html", context)


@csp_replace(SHOWN_IN_A_FRAME)
@xframe_options_sameorigin
@require_safe
@shop_page(Role.EDITOR)
def mail_content(request: ShopRequest, shop: Shop, mail_id: UUID) -> HttpResponse:
    """As it was sent."""
    mail = get_object_or_404(Mail.objects.of(shop), id=mail_id)
    said = Rendered(subject=mail.subject, text=mail.text, html=mail.html) if mail.text else None
    return render(request, "portal/notices/preview.html", {"mail": said})


@require_POST
@shop_page(Role.EDITOR)
def repeat_mail(request: ShopRequest, shop: Shop, mail_id: UUID) -> HttpResponse:
    mail = get_object_or_404(Mail.objects.of(shop).select_related("shop"), id=mail_id)
    try:
        send_again(mail)
        messages.success(request, _("It is being sent again."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("portal:mail", slug=shop.slug, mail_id=mail_id)
