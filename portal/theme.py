"""Light, dark, or as the system has it: a cookie, so that the first byte is right already."""

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.access import keep

COOKIE = "theme"


class Theme(TextChoices):
    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def theme_of(request: HttpRequest) -> Theme:
    chosen = request.COOKIES.get(COOKIE, "")
    return Theme(chosen) if chosen in Theme else Theme.SYSTEM


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to the page it was made on; a script wants no page."""
    chosen = request.POST.get("theme", "")
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    is_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    page = redirect(back if is_ours else "portal:home")
    response = HttpResponse(status=204) if is_script else page
    if chosen in Theme:
        keep(response, COOKIE, chosen)
    return response
