"""The page behind “no more e-mails”: one button, which mail programs press, too (RFC 8058)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notices.unsubscribing import (
    is_unsubscribed,
    subscribe_again,
    subscriber_of,
    unsubscribe,
)
from shops.models import Shop


@csrf_exempt  # the token is the proof; a mail program that presses the button has no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Reading changes nothing, for mail scanners open every link; posting does, and twice is once.

    `again` posted takes it back.
    """
    subscriber = subscriber_of(token)
    shop = Shop.objects.filter(id=subscriber.shop_id).first() if subscriber else None
    if subscriber is None or shop is None:
        raise Http404("There is no such link.")
    if request.method == "POST":
        change = subscribe_again if "again" in request.POST else unsubscribe
        change(shop, subscriber.digest)
    language = _language(request, shop)
    context = {
        "shop": shop,
        "language": language,
        "is_unsubscribed": is_unsubscribed(shop, subscriber.digest),
    }
    with translation.override(language):
        response = render(request, "notices/unsubscribe.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _language(request: HttpRequest, shop: Shop) -> str:
    """The first that the browser asks for and we speak, else the shop's."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    known = dict(settings.LANGUAGES)
    spoken = (code.split("-")[0] for code, _quality in asked)
    return next((code for code in spoken if code in known), shop.language)
