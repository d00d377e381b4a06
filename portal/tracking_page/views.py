"""The tracking page as its shop makes it: looks, texts, announcements, and a preview of them."""

from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagement.announcements import announce
from engagement.design import Design, design_of, in_language, save_design
from engagement.models import Announcement
from engagement.preview import Preview, keep_preview, kept_preview
from engagement.scenes import Scene, scene_of, scene_titles, step_titles
from portal.access import ShopRequest, shop_page
from portal.tracking_page.forms import AnnouncementForm, DesignForm
from shops.models import Role, Shop

SHOWN_STORY, SHOWN_STEP = "smooth", "5"


@csp_update({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def tracking_page(request: ShopRequest, shop: Shop) -> HttpResponse:
    """What is tried out is kept beside what is saved, under `draft`, until it is saved."""
    saved = design_of(shop)
    sent = request.POST if request.method == "POST" else request.GET
    tried = _tried(shop, sent.get("draft", ""))
    if request.method != "POST":
        return _page(request, shop, DesignForm.of(tried or saved), shown=tried or saved)
    kept = (tried or saved).logo
    form = DesignForm(request.POST, request.FILES, kept=kept)
    if not form.is_valid():
        return _page(request, shop, form, shown=tried or saved)
    design = form.design()
    if "try" in request.POST:
        return _page(request, shop, form, shown=design)
    save_design(shop, design)
    messages.success(request, _("Saved. Customers see it within seconds."))
    return redirect("portal:tracking_page", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def add_announcement(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = AnnouncementForm(request.POST)
    if not form.is_valid():
        design = design_of(shop)
        return _page(request, shop, DesignForm.of(design), shown=design, announcing=form)
    said = form.cleaned_data
    announce(
        shop,
        texts=form.said_texts(said),
        starts_at=said["starts_at"],
        ends_at=said["ends_at"],
    )
    messages.success(request, _("The announcement is on its way to every order’s page."))
    return redirect("portal:tracking_page", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def remove_announcement(request: ShopRequest, shop: Shop, announcement_id: UUID) -> HttpResponse:
    get_object_or_404(Announcement.objects.of(shop), id=announcement_id).delete()
    messages.success(request, _("The announcement is gone."))
    return redirect("portal:tracking_page", slug=shop.slug)


def _tried(shop: Shop, key: str) -> Design | None:
    preview = kept_preview(key) if key else None
    return preview.design if preview is not None and preview.shop_id == shop.id else None


def _page(
    request: ShopRequest,
    shop: Shop,
    form: DesignForm,
    *,
    shown: Design,
    announcing: AnnouncementForm | None = None,
) -> HttpResponse:
    asked = _asked(request)
    languages = dict(settings.LANGUAGES)
    language = asked.get("lang", "") if asked.get("lang", "") in languages else shop.language
    scene = _scene(asked)
    announcements = Announcement.objects.of(shop).order_by("-created_at")
    current = announcements.current(timezone.now())[:3]
    texts = (in_language(row.texts, (language, shop.language)) for row in current)
    key = keep_preview(Preview(shop_id=shop.id, design=shown, announcements=tuple(texts)))
    context = {
        "form": form,
        "palette": shown.palette,
        "logo": form.kept,
        "draft": key,
        "scene": scene,
        "scenes": scene_titles(),
        "steps": step_titles(scene.name, get_language() or "en"),
        "languages": settings.LANGUAGES,
        "chosen_language": language,
        "preview_url": _preview_url(key, scene, language),
        "announcements": [
            (row, in_language(row.texts, (get_language() or "en", shop.language)))
            for row in announcements[:20]
        ],
        "announcing": announcing or AnnouncementForm(),
        "look_up_url": f"{settings.BASE_URL}/t/find/{shop.slug}",
    }
    return render(request, "portal/tracking_page/page.html", context)


def _scene(asked: QueryDict) -> Scene:
    """A step that was chosen of another story (`of`) says nothing of this one."""
    story = asked.get("story", SHOWN_STORY)
    step = asked.get("step", "" if "story" in asked else SHOWN_STEP)
    return scene_of(story, step if asked.get("of", story) == story else "")


def _asked(request: ShopRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _preview_url(key: str, scene: Scene, language: str) -> str:
    asked: dict[str, Any] = {"story": scene.name, "step": scene.step, "lang": language}
    return f"{reverse('tracking:preview', args=[key])}?{urlencode(asked)}"
