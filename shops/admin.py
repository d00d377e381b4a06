"""The back office's pages of organizations, shops, people and API keys."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from common.back_office import BackOfficeAdmin
from shops.keys import issue_api_key, revoke_api_key
from shops.models import (
    ApiKey,
    ApiKeyGrant,
    Invitation,
    Membership,
    Organization,
    Shop,
    User,
)
from shops.person_forms import PersonChangeForm, PersonCreationForm
from webhooks.dispatch import dispatch_shop

_WAYS_IN = {"is_staff", "is_superuser", "groups", "user_permissions"}
"""Who may set these may give themselves everything."""


class FixedReferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row keeps the shop and the person that it was made for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in {"shop", "user"} & self.fields.keys():
                self.fields[name].disabled = True

    def has_changed(self) -> bool:
        """A row that somebody added counts, even if all of it is as suggested."""
        return self.instance._state.adding or super().has_changed()


class LabelledFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The table's cells say what they are, which Django's own tables leave to the eye."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs["aria-label"] = str(field.label or name)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    form = FixedReferencesForm
    formset = LabelledFormSet
    extra = 0
    verbose_name_plural = "members"
    autocomplete_fields = ["user"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Membership]":
        return super().get_queryset(request).select_related("user", "shop").order_by("user__email")


class ShopOfPersonInline(MembershipInline):
    verbose_name_plural = "shops"
    autocomplete_fields = ["shop"]


class ShopOfOrganizationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Shop
    fields = ["name", "slug", "currency", "timezone"]
    readonly_fields = ["name", "slug", "currency", "timezone"]
    extra = max_num = 0
    can_delete = False
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(BackOfficeAdmin):
    list_display = ["name", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["created_at"]
    fields = ["name", "created_at"]
    inlines = [ShopOfOrganizationInline]


@admin.register(Shop)
class ShopAdmin(BackOfficeAdmin):
    list_display = ["name", "slug", "organization", "currency", "timezone", "language"]
    list_select_related = ["organization"]
    list_filter = ["language"]
    search_fields = ["name", "slug", "organization__name"]
    autocomplete_fields = ["organization"]
    inlines = [MembershipInline]
    actions = ["relay_events"]
    fieldsets = [
        (None, {"fields": ["organization", "name", "slug", "created_at", "lists"]}),
        ("Defaults", {"fields": ["timezone", "currency", "language"]}),
        ("Telling", {"fields": ["stale_after_hours"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = ["organization", "slug"] if obj else []
        return [*fixed, "created_at", "lists"]

    @admin.action(description="Relay its events now", permissions=["change"])
    def relay_events(self, request: HttpRequest, queryset: "QuerySet[Shop]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset,
            lambda shop: f"{dispatch_shop(shop)} events relayed",
            action="relay_events",
            question="Relay its events now?",
            consequence=(
                "The oldest that wait are made into deliveries and mails, a batch of them. "
                "A running sender does so by itself."
            ),
            done="Relayed",
        )

    @admin.display(description="records")
    def lists(self, shop: Shop) -> SafeString | str:
        if shop._state.adding:
            return "-"
        names = ("orders_order", "shipments_shipment", "events_event")
        return format_html_join(
            " · ",
            '<a href="{}?shop={}">{}</a>',
            (
                (reverse(f"admin:{name}_changelist"), shop.id, label)
                for name, label in zip(names, ("Orders", "Shipments", "Events"), strict=True)
            ),
        )


@admin.register(Invitation)
class InvitationAdmin(BackOfficeAdmin):
    """To look at and to withdraw; asking people in is done by the shop's admins."""

    list_display = ["email", "shop", "role", "invited_by", "created_at", "expires_at"]
    list_select_related = ["shop", "invited_by"]
    search_fields = ["email", "shop__name", "shop__slug"]
    readonly_fields = ["shop", "email", "role", "invited_by", "created_at", "expires_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(User)
class PersonAdmin(BackOfficeAdmin, UserAdmin):  # type: ignore[type-arg]
    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [ShopOfPersonInline]
    fieldsets = (
        (None, {"fields": ["email", "name", "password", "is_active"]}),
        (
            "Back office",
            {
                "fields": ["is_staff", "is_superuser", "groups", "user_permissions"],
                "classes": ["collapse"],
                "description": "Only superusers change these.",
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        own = [] if request.user.is_superuser else sorted(_WAYS_IN)
        return [*self.readonly_fields, *own]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Staff are changed by superusers only: a new password is a way in as well."""
        if not super().has_change_permission(request, obj):
            return False
        is_staff = isinstance(obj, User) and (obj.is_staff or obj.is_superuser)
        return bool(request.user.is_superuser) or not is_staff

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else []


class GrantFormSet(LabelledFormSet):
    """Grants name shops of the key's organization, each once."""

    def clean(self) -> None:
        super().clean()
        chosen = []
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if not cleaned or cleaned.get("DELETE") or "role" not in cleaned:
                continue
            shop = cleaned.get("shop")
            if shop and shop.organization_id != self.instance.organization_id:
                form.add_error("shop", "This shop belongs to another organization.")
            if shop in chosen:
                form.add_error("shop", "There is a grant for this already.")
            chosen.append(shop)


class GrantInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ApiKeyGrant
    form = FixedReferencesForm
    formset = GrantFormSet
    extra = 0
    autocomplete_fields = ["shop"]
    verbose_name_plural = "grants: leave the shop empty for every shop of the organization"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ApiKeyGrant]":
        return super().get_queryset(request).select_related("shop")


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if ":" in username:
            raise forms.ValidationError("HTTP Basic ends the user name at a colon: leave it out.")
        return username


@admin.register(ApiKey)
class ApiKeyAdmin(BackOfficeAdmin):
    form = ApiKeyForm
    list_display = ["username", "hint", "organization", "status", "last_used_at", "expires_at"]
    list_select_related = ["organization"]
    search_fields = ["username", "hint", "organization__name"]
    search_help_text = "The user name, the last four characters of the key, or the organization."
    autocomplete_fields = ["organization"]
    inlines = [GrantInline]
    actions = ["revoke"]
    note = "A key is shown once, when it is issued. Revoke a key that is lost, and issue another."

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = ["organization", "username", "expires_at"]
        return [*fields, "hint", "status", "created_at", "last_used_at"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        facts = ["hint", "status", "created_at", "last_used_at"]
        return ["organization", "username", *facts] if obj else facts

    @admin.display(description="status")
    def status(self, key: ApiKey) -> str:
        if key.revoked_at:
            return f"Revoked on {timezone.localdate(key.revoked_at)}"
        if key.expires_at and key.expires_at <= timezone.now():
            return "Expired"
        return "In use" if key.last_used_at else "Never used"

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: "forms.ModelForm[ApiKey]", change: bool
    ) -> None:
        if change:
            if "expires_at" in form.changed_data:
                obj.save(update_fields=["expires_at"])
            return
        key, secret = issue_api_key(
            organization=obj.organization,
            username=obj.username,
            grants={},
            expires_at=obj.expires_at,
        )
        for field in ApiKey._meta.concrete_fields:
            setattr(obj, field.attname, getattr(key, field.attname))
        obj._state.adding = False
        request.issued_secret = secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A page of its own: a message would carry the key into a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"The new API key {obj}",
            "opts": self.opts,
            "key": obj,
            "secret": request.issued_secret,  # type: ignore[attr-defined]
            "media": self.media,
        }
        return TemplateResponse(request, "admin/shops/apikey/issued.html", context)

    @admin.action(description="Revoke the selected API keys", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: "QuerySet[ApiKey]") -> HttpResponse | None:
        page = self.ask_first(
            request,
            queryset,
            action="revoke",
            question=("Revoke this API key?", "Revoke these API keys?"),
            consequence="Programs that use them are locked out at once. This cannot be undone.",
        )
        if page is None:
            self.act_on_each(request, queryset, revoke_api_key, done="Revoked")
        return page


admin.site.unregister(Group)


@admin.register(Group)
class StaffGroupAdmin(BackOfficeAdmin, GroupAdmin):
    """Which permissions staff have by the groups that they are in: a way in, for superusers."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)
