"""Ending one of the sessions in which a person is logged in; allauth lists them, and ends all."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import PersonRequest, person_page


@require_POST
@person_page
def end_session(request: PersonRequest, session_id: int) -> HttpResponse:
    """One of one's own, but not this very one: that is ended by logging out."""
    others = UserSession.objects.filter(user=request.user)
    others = others.exclude(session_key=request.session.session_key)
    get_adapter().end_sessions([get_object_or_404(others, id=session_id)])
    messages.success(request, _("That browser is logged out."))
    return redirect("usersessions_list")
