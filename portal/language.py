"""The language of the portal's pages: the one that was chosen here, else the browser's."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portal.access import keep
from portal.came_from import back_to_page


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to the page it was made on."""
    chosen = request.POST.get("language", "")
    response = back_to_page(request)
    if chosen in dict(settings.LANGUAGES):
        keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response
