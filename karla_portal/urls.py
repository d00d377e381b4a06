import sys

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template import loader
from django.templatetags.static import static
from django.urls import include, path
from django.views.defaults import bad_request, page_not_found, server_error
from django.views.generic import RedirectView

from analytics.api import urls as number_urls
from campaigns.api import urls as campaign_urls
from claims.api import urls as claim_urls
from common.api.errors import (
    LATER,
    answer_bad_request,
    answer_internal_error,
    answer_not_found,
    answer_unavailable,
)
from common.retry import may_pass
from karla_portal.api_docs import docs, schema
from karla_portal.health import healthz, readyz
from karla_portal.metrics.views import metrics
from orders.api import urls as order_urls
from portal.people.account_urls import other_names
from shipments.api import urls as shipment_urls
from tracking.access import not_found
from tracking.policy import seal
from tracking.unsubscribe import unsubscribe_page
from webhooks.api import urls as webhook_urls


def lead_to_icon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without having read a page's link."""
    return redirect(static("icons/favicon.svg"))


CALLS_OF_A_SHOP = [
    call
    for urls in (order_urls, shipment_urls, claim_urls, webhook_urls, campaign_urls, number_urls)
    for call in urls.urlpatterns
]

urlpatterns = [
    path("v1/shops/<slug:slug>/", include(CALLS_OF_A_SHOP)),  # first: called most by far
    path("v1/carriers/", include("shipments.api.carrier_urls")),
    path("v1/feeds/", include(shipment_urls.feed_urlpatterns)),
    path("v1/schema", schema, name="schema"),
    path("v1/docs", docs, name="docs"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("unsubscribe/<str:token>", unsubscribe_page, name="unsubscribe"),
    path(settings.ADMIN_PATH, RedirectView.as_view(pattern_name="admin:index")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("favicon.ico", lead_to_icon),
    path("", include("tracking.urls")),
    path("", include("portal.people.account_urls")),
    path("", include("portal.urls")),
    path("", include(other_names)),
]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if _is_api(request):
        return answer_not_found(request)
    if request.path.startswith("/t/"):
        return not_found(request)
    return page_not_found(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    if may_pass(sys.exc_info()[1]):
        return _unavailable(request)
    if _is_api(request):
        return answer_internal_error(request)
    return _sealed(request, server_error(request))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return answer_bad_request(request)
    return bad_request(request, exception)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Asks neither database nor cache."""
    if _is_api(request):
        return answer_unavailable(request)
    page = loader.get_template("503.html").render()
    return _sealed(request, HttpResponse(page, status=503, headers=LATER))


def _sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Customers' pages have a policy of their own, without which this one has no style."""
    if request.path.startswith("/t/"):
        seal(response)
    return response


def _is_api(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith("/v1/")
