"""Second factors, sessions and further addresses in the back office, in place of allauth's pages.

Those search by user names, which our people do not have, and show what second factors are made of.
"""

from ipaddress import ip_address

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from common.back_office import ReadOnlyAdmin
from shops.several_shops import note_second_factor


class AuthenticatorAdmin(ReadOnlyAdmin):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = ["type"]
    search_fields = ["user__email__istartswith"]
    search_help_text = "How the person’s e-mail address begins."
    fields = ["user", "type", "created_at", "last_used_at"]
    ordering = ["-id"]
    note = "Second factors. Superusers delete one that was lost, so that its owner gets in again."

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        super().delete_model(request, obj)
        note_second_factor(obj.user, was=str(obj.get_type_display()), now="")

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Authenticator]") -> None:
        for authenticator in queryset.select_related("user"):
            self.delete_model(request, authenticator)


class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_select_related = ["user"]
    list_filter = ["primary", "verified"]
    search_fields = ["email__istartswith", "user__email__istartswith"]
    search_help_text = "How an address begins."
    ordering = ["-id"]
    note = "Addresses of people, as log-in keeps them; the one that counts is on the person’s page."


class UserSessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "ip", "user_agent", "created_at", "last_seen_at"]
    list_select_related = ["user"]
    search_fields = ["user__email__istartswith", "ip__exact"]
    search_help_text = "How the person’s e-mail address begins, or a whole IP address."
    fields = ["user", "ip", "user_agent", "created_at", "last_seen_at"]
    ordering = ["-id"]
    note = "Where people are logged in; they end their own sessions in the portal."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[UserSession]", search_term: str
    ) -> tuple["QuerySet[UserSession]", bool]:
        term = search_term.strip()
        address = address_or_none(term)
        if address:
            return queryset.filter(ip=address), False
        return queryset.filter(user__email__istartswith=term) if term else queryset, False


def address_or_none(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


# Importing the models from beside allauth's pages makes sure that those were registered before.
admin.site.unregister([Authenticator, EmailAddress, UserSession])
admin.site.register(Authenticator, AuthenticatorAdmin)
admin.site.register(EmailAddress, EmailAddressAdmin)
admin.site.register(UserSession, UserSessionAdmin)
