"""The back office's page of queues and failures, each with what mends it."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from common.heartbeats import SENDER, WORKER, last_signs_of_life
from portal.operation.counting import look_at
from portal.operation.watches import WATCHES, Watch

NAMES = {
    WORKER: "beat and worker",
    SENDER: "the sender of webhooks and mails",
}


def operation(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Of what this person may look at."""
    watched = [look_at(watch) for watch in WATCHES if _may_see(request, watch)]
    context = {
        **site.each_context(request),
        "title": "Operation",
        "waiting": [one for one in watched if one.shops],
        "quiet": [one.watch for one in watched if not one.shops],
        "signs_of_life": [(NAMES[sign.process], sign) for sign in last_signs_of_life()],
    }
    return TemplateResponse(request, "admin/operation.html", context)


def _may_see(request: HttpRequest, watch: Watch) -> bool:
    app, _, model = watch.list_of.partition("_")
    return request.user.has_perm(f"{app}.view_{model}")
