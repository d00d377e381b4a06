"""The pages about one's own account that allauth brings, under the names by which it knows them."""

from allauth.account import views
from allauth.usersessions.views import list_usersessions
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path

from portal.login import LogIn
from portal.people.sessions import end_session

urlpatterns = [
    path("account/switched-off", views.account_inactive, name="account_inactive"),
    path("account/confirm", views.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions", list_usersessions, name="usersessions_list"),
    path("account/sessions/<int:session_id>/end", end_session, name="end_session"),
    path("account/password/forgotten", views.password_reset, name="account_reset_password"),
    path("account/password/mailed", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/renewed",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

other_names = [
    path("login", LogIn.as_view(), name="account_login"),
    path("logout", LogoutView.as_view(next_page="portal:login"), name="account_logout"),
]
"""Pages of the portal by the names that allauth calls them; the portal's own stand before them."""
