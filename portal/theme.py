"""Light, dark, or as the system has it: a cookie, so that the first byte is right already."""

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.access import keep
from portal.came_from import back_to_page

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
    is_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    response = HttpResponse(status=204) if is_script else back_to_page(request)
    if chosen in Theme:
        keep(response, COOKIE, chosen)
    return response
