"""Switching the weekly summary on and off: in the portal, and by the link in the mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import ShopRequest, shop_page
from portal.numbers.summary.wishes import summary_of, switch_off, switch_on
from shops.models import Shop


@require_POST
@shop_page()
def weekly_summary(request: ShopRequest, shop: Shop) -> HttpResponse:
    if request.POST.get("wanted") == "yes":
        switch_on(shop, request.user, now=timezone.now())
        said = _("On Mondays the numbers of the week come to %s.") % request.user.email
    else:
        switch_off(shop, request.user)
        said = _("The weekly summary comes no longer.")
    messages.success(request, said)
    return redirect("portal:shop", slug=shop.slug)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_summary(request: HttpRequest, token: str) -> HttpResponse:
    """Opened from the mail, it asks; mail programs post to it themselves (RFC 8058).

    Whoever has the link may switch this one summary off, and nothing else: so no log-in, and no
    token against forged requests, which a mail program could not have.
    """
    summary = summary_of(token)
    if request.method == "POST" and summary is not None:
        summary.delete()
        summary = None
    return render(request, "portal/numbers/stop_summary.html", {"summary": summary})
