"""A shop's colours and logo, as files that browsers keep: their address changes when they do."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from engagement.design import Design, design_of
from shops.models import Shop
from tracking.policy import seal

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def design_style(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    return style_answer(_design(slug), digest)


@require_safe
def design_logo(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    return logo_answer(_design(slug), digest)


def style_answer(design: Design, digest: str) -> HttpResponse:
    palette = design.palette
    lines = [
        f"--accent: light-dark({palette.accent_on_light}, {palette.accent_on_dark});",
        *([f"--band: {palette.band};", f"--on-band: {palette.on_band};"] if palette.band else []),
    ]
    return _kept(
        HttpResponse(f":root{{{' '.join(lines)}}}\n", content_type="text/css"), design, digest
    )


def logo_answer(design: Design, digest: str) -> HttpResponse:
    if design.logo is None:
        raise Http404("This shop has no logo.")
    return _kept(HttpResponse(design.logo.png, content_type="image/png"), design, digest)


def _design(slug: str) -> Design:
    return design_of(get_object_or_404(Shop, slug=slug))


def _kept(response: HttpResponse, design: Design, digest: str) -> HttpResponse:
    """Of an older page that names an older digest, nothing may be kept under that name."""
    response.headers["Cache-Control"] = FOREVER if digest == design.digest else "no-store"
    seal(response)
    return response
