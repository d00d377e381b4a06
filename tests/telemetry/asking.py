"""A page that asks for a task, beside those of the product."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from karla_portal.celery import app
from karla_portal.telemetry.task import SpanTask


@app.task(name="tests.asked_for", base=SpanTask, shared=False)
def asked_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", ["zora.quillfeather@customers.example"])


def ask(request: HttpRequest) -> HttpResponse:
    asked_for.delay()
    return HttpResponse(b"asked")


def fail(request: HttpRequest, token: str) -> HttpResponse:
    raise ValueError(f"{token} belongs to zora.quillfeather@customers.example")


urlpatterns = [
    path("asks", ask),
    path("fails/<str:token>", fail),
    path("", include("karla_portal.urls")),
]
