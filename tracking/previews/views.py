"""The page as customers would see it: any story, in a design that may not be saved yet."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from engagement.preview import Preview, kept_preview
from engagement.scenes import scene_of
from shops.models import Shop
from tracking.access import not_found
from tracking.dressing import logo_answer, style_answer
from tracking.languages import asked_language
from tracking.policy import seal
from tracking.previews.scenes import scene_rows
from tracking.rendering import dress
from tracking.telling.page import tell


@require_safe
def show_preview(request: HttpRequest, key: str) -> HttpResponseBase:
    """`?story=` and `?step=` say which scene; its links and buttons lead nowhere."""
    preview = kept_preview(key)
    shop = Shop.objects.filter(id=preview.shop_id).first() if preview else None
    if preview is None or shop is None:
        return not_found(request)
    asked = asked_language(request)
    language = asked.code or shop.language
    scene = scene_of(request.GET.get("story", ""), request.GET.get("step", ""))
    with translation.override(language), timezone.override(ZoneInfo(shop.timezone)):
        rows, now = scene_rows(shop, scene, today=timezone.localtime())
        context = {
            "order": rows.order,
            "token": "",  # nosec B105
            "query": asked.query,
            "is_preview": True,
            "story": tell(rows, language=language, now=now),
            "announcements": preview.announcements,
            **dress(shop, preview.design, preview=key),
        }
        response = HttpResponse(render_to_string("tracking/order.html", context))
    response.headers["Cache-Control"] = "no-store"
    seal(response, picture_hosts=preview.design.picture_hosts, framed=True)
    return response


@require_safe
def preview_style(request: HttpRequest, key: str) -> HttpResponse:
    return style_answer(_preview(key).design, "")


@require_safe
def preview_logo(request: HttpRequest, key: str) -> HttpResponse:
    return logo_answer(_preview(key).design, "")


def _preview(key: str) -> Preview:
    preview = kept_preview(key)
    if preview is None:
        raise Http404("This preview is no longer kept.")
    return preview
