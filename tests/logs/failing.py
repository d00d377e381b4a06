"""Views that fail with what was sent in their errors, as bugs do; for tests only."""

import json

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from karla_portal.urls import handler400, handler404, handler500
from karla_portal.urls import urlpatterns as the_real_ones
from orders.models import Order
from shops.api.views import KeyView

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


class FailingView(KeyView):
    def post(self, request: Request, slug: str, how: str) -> Response:
        said = json.loads(request.data)
        if how == "value":
            raise ValueError(f"cannot read {said}")
        if how == "unique":
            get_user_model().objects.create(email=said["email_id"])
        if how == "syntax":
            list(
                Order.objects.extra(
                    where=["order_name::int = 1 AND email_id = %s"], params=[said["email_id"]]
                )
            )
        try:
            int(said["email_id"])
        except ValueError as problem:
            raise RuntimeError(f"no number: {said['email_id']}") from problem
        return Response()


def failing_page(request: HttpRequest, token: str) -> HttpResponse:
    raise KeyError(f"{token} {request.GET} {request.POST}")


urlpatterns = [
    path("v1/shops/<slug:slug>/fail/<how>", FailingView.as_view()),
    path("t/<token>/fail", failing_page),
    *the_real_ones,
]
