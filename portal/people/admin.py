"""The back office's pages of second factors and further addresses, in place of allauth's own.

Those search by user names, which our people do not have, and show what second factors are made of.
"""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from common.back_office import ReadOnlyAdmin


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


class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_select_related = ["user"]
    list_filter = ["primary", "verified"]
    search_fields = ["email__istartswith", "user__email__istartswith"]
    search_help_text = "How an address begins."
    ordering = ["-id"]
    note = "Addresses of people, as log-in keeps them; the one that counts is on the person’s page."


# Importing the models from beside allauth's pages makes sure that those were registered before.
admin.site.unregister([Authenticator, EmailAddress])
admin.site.register(Authenticator, AuthenticatorAdmin)
admin.site.register(EmailAddress, EmailAddressAdmin)
