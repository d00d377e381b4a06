"""The page behind “no more e-mails”: one button, which mail programs press, too (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
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
    with translation.override(shop.language):
        return render(
            request,
            "notices/unsubscribe.html",
            {
                "shop": shop,
                "language": shop.language,
                "is_unsubscribed": is_unsubscribed(shop, subscriber.digest),
            },
            headers={"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"},
        )
