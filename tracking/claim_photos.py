"""Customers' photos of claims, for whoever has a signed link that has not ended."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import ClaimPhoto
from claims.photo_links import linked_photo


@require_safe
def show_photo(request: HttpRequest, photo_token: str) -> HttpResponseBase:
    linked = linked_photo(photo_token)
    photo = None
    if linked is not None:
        photos = ClaimPhoto.objects.filter(shop_id=linked.shop_id, id=linked.photo_id)
        photo = photos.first()
    if linked is None or photo is None:
        return _sealed(HttpResponse("This link has ended.", status=404, content_type="text/plain"))
    try:
        file = photo.file.open("rb")
    except FileNotFoundError:
        return _sealed(HttpResponse("It is gone.", status=404, content_type="text/plain"))
    response = FileResponse(file, content_type="image/jpeg", filename=f"{photo.id}.jpg")
    left = int((linked.expires_at - timezone.now()).total_seconds())
    response["Cache-Control"] = f"private, max-age={max(left, 0)}"
    return _sealed(response)


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    """It is a picture, and nothing that a browser could run."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "same-site"
    return response
