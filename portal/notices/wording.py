"""The words of one notice: read, changed, seen as a mail, sent to oneself."""

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from notices.groups import NOTICE_GROUPS, NoticeGroup
from notices.models import Audience, Notice
from notices.placeholders import placeholders_for
from notices.preview import Example, latest_examples, render_preview, text_of
from notices.services import check_text, forget_text, save_text, send_test_mail
from notices.texts import WORDINGS, Text
from portal.access import ShopRequest, shop_page
from portal.notices.forms import AboutForm, TextForm
from shops.models import Role, Shop

SHOWN_IN_A_FRAME = {
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}
"""A mail has its styles in place. Nothing of a preview runs or is fetched."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which text a page is about."""

    audience: Audience
    group: NoticeGroup
    language: str

    @property
    def names(self) -> dict[str, Any]:
        return {"audience": self.audience, "group": self.group.name, "language": self.language}


@csp_update({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def notice(request: ShopRequest, shop: Shop, audience: str, group: str) -> HttpResponse:
    chosen = _chosen(request, shop, audience, group)
    text, is_own = text_of(shop, chosen.audience, chosen.group.name, chosen.language)
    form = TextForm(request.POST or None, initial={"subject": text.subject, "body": text.body})
    if form.is_valid():
        try:
            save_text(shop, **chosen.names, **form.cleaned_data)
        except DomainError as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(shop, chosen)
    examples = latest_examples(shop, chosen.group.name)
    rows = Notice.objects.of(shop).switched_on()
    context = {
        "chosen": chosen,
        "is_own": is_own,
        "is_on": rows.filter(audience=chosen.audience, event_group=chosen.group.name).exists(),
        "form": form,
        "about_form": AboutForm(labels=[one.label for one in examples]),
        "placeholders": placeholders_for(chosen.group.name, chosen.audience).values(),
        "languages": [(code, words.name) for code, words in WORDINGS.items()],
    }
    return render(request, "portal/notices/notice.html", context)


@csp_replace(SHOWN_IN_A_FRAME)
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def notice_preview(request: ShopRequest, shop: Shop, audience: str, group: str) -> HttpResponse:
    """Of the text that is posted, which need not be saved; else of the one that holds."""
    chosen = _chosen(request, shop, audience, group)
    text, _is_own = text_of(shop, chosen.audience, chosen.group.name, chosen.language)
    context: dict[str, Any] = {}
    if request.method == "POST":
        text = Text(
            subject=request.POST.get("subject", ""),
            body=request.POST.get("body", "").replace("\r\n", "\n"),
        )
    try:
        check_text(
            audience=chosen.audience, group=chosen.group.name, subject=text.subject, body=text.body
        )
        example = _example(request, shop, chosen)
        context["mail"] = render_preview(shop, text, **chosen.names, example=example)
    except DomainError as refusal:
        context["faults"] = [fault.msg for fault in refusal.faults]
    return render(request, "portal/notices/preview.html", context)


@require_POST
@shop_page(Role.ADMIN)
def reset_notice(request: ShopRequest, shop: Shop, audience: str, group: str) -> HttpResponse:
    chosen = _chosen(request, shop, audience, group)
    forget_text(shop, **chosen.names)
    messages.success(request, _("The built-in text holds again."))
    return _back(shop, chosen)


@require_POST
@shop_page(Role.ADMIN)
def test_notice(request: ShopRequest, shop: Shop, audience: str, group: str) -> HttpResponse:
    """To whoever asks for it, with the text that is saved."""
    chosen = _chosen(request, shop, audience, group)
    example = _example(request, shop, chosen)
    mail = send_test_mail(
        shop,
        **chosen.names,
        recipient=request.user.email,
        order_id=example.order_id if example else None,
        shipment_id=example.shipment_id if example else None,
    )
    messages.success(request, _("A test mail to %s is on its way.") % request.user.email)
    return redirect("portal:mail", slug=shop.slug, mail_id=mail.id)


def _chosen(request: ShopRequest, shop: Shop, audience: str, group: str) -> Chosen:
    known = NOTICE_GROUPS.get(group)
    if known is None or audience not in known.audiences:
        raise Http404("There is no such notice.")
    said = request.POST.get("language") or request.GET.get("language") or shop.language
    language = said if said in WORDINGS else next(iter(WORDINGS))
    return Chosen(audience=Audience(audience), group=known, language=language)


def _example(request: ShopRequest, shop: Shop, chosen: Chosen) -> Example | None:
    said = request.POST.get("about", "")
    examples = latest_examples(shop, chosen.group.name)
    return examples[int(said)] if said.isdecimal() and int(said) < len(examples) else None


def _back(shop: Shop, chosen: Chosen) -> HttpResponse:
    page = reverse("portal:notice", args=[shop.slug, chosen.audience, chosen.group.name])
    return redirect(f"{page}?language={chosen.language}")


def _show(form: TextForm, refusal: DomainError) -> None:
    for fault in refusal.faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.msg)
