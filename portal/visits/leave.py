"""For who leaves a visit that is over already: a visit itself ends in the middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST


@require_POST
def leave_visit(request: HttpRequest) -> HttpResponse:
    return redirect("portal:home")
