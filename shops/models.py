"""Organizations own shops; people are members of shops; programs hold API keys."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.currencies import CURRENT_CURRENCIES
from common.ids import new_id

MOST_STALE_HOURS = 30 * 24

SLUG_PATTERN = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"


class Role(models.TextChoices):
    """What a member or an API key may do in a shop; each role includes the ones before it.

    Which page or call takes which role is said there, and by the matrices of the tests.
    """

    VIEWER = "viewer", _("Viewer")
    """Reads orders, parcels, claims, campaigns, numbers and events, and exports them."""
    EDITOR = "editor", _("Editor")
    """Changes them and answers customers: so it reads what mails said to them, and repeats one."""
    ADMIN = "admin", _("Admin")
    """Says who may do what, which programs are told (keys, webhooks, feeds), and what people are
    told: which notices are on, and in which words. Exports and erases customers."""

    def includes(self, other: "Role") -> bool:
        return RANKS[self] >= RANKS[other]


RANKS = {role: rank for rank, role in enumerate(Role)}


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def languages() -> list[tuple[str, str]]:
    """The codes and names of those that pages for customers are written in."""
    return list(settings.LANGUAGES)


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            gettext("“%s” is not the name of a time zone, such as Europe/Berlin.") % name
        )


def validate_currency(code: str) -> None:
    """Nobody is paid in gold (XAU), in none (XXX), or any more in marks (DEM)."""
    if code not in CURRENT_CURRENCIES:
        raise ValidationError(
            gettext("“%s” is no currency that is paid with today: write a code such as EUR.") % code
        )


class Shop(models.Model):
    """The tenant: everything an end customer touches belongs to exactly one shop."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shops")
    slug = models.CharField(
        max_length=63,
        unique=True,
        validators=[
            RegexValidator(
                rf"\A{SLUG_PATTERN}\Z", _("Lower-case letters, digits and inner hyphens only.")
            )
        ],
        help_text="Stands in every URL of the shop and cannot be changed later.",
    )
    name = models.CharField(max_length=200)
    timezone = models.CharField(
        max_length=64, default="Europe/Berlin", validators=[validate_timezone]
    )
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[validate_currency],
    )
    language = models.CharField(max_length=8, default="en", choices=languages)
    branding = models.JSONField(default=dict, blank=True)
    stale_after_hours = models.PositiveSmallIntegerField(
        "old news after (hours)",
        default=4,
        db_default=4,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STALE_HOURS)],
        help_text="What a carrier reports later than this is kept, and nobody is told of it.",
    )
    setup_ended_at = models.DateTimeField(
        null=True, editable=False, help_text="Since then no page leads through setting it up."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_additional_data(self) -> dict[str, str]:
        """For the audit of edits, as `AuditedInShop` does."""
        return {"shop": str(self.id)}

    @property
    def stale_after(self) -> timedelta:
        return timedelta(hours=self.stale_after_hours)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, who logs in with an e-mail address; staff of the operator may enter the admin."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True, error_messages={"unique": "This address is taken."})
    name = models.CharField(max_length=200, blank=True)
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField(
        default=True, help_text="Switch off to lock somebody out without losing what they did."
    )
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class AuditedInShop:
    """For rows that name a shop: the audit of edits keeps whose they are."""

    shop_id: UUID | None

    def get_additional_data(self) -> dict[str, str]:
        """Called by django-auditlog."""
        return {"shop": str(self.shop_id)} if self.shop_id else {}


class Membership(AuditedInShop, models.Model):
    """What a person may do in a shop."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="one_role_per_member")]

    def __str__(self) -> str:
        return f"{self.user} in {self.shop}"


class Invitation(AuditedInShop, models.Model):
    """A person asked into a shop by e-mail; the link's token is kept as a digest only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("shop", Lower("email"), name="one_invitation_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.shop}"


class ApiKey(models.Model):
    """A program's credentials. Only a digest is kept: the key itself is shown once, when issued."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="api_keys"
    )
    username = models.CharField(max_length=63)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField("ends with", max_length=4, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.username} …{self.hint}"


class ApiKeyGrant(AuditedInShop, models.Model):
    """What a key may do: in one shop, or (without a shop) in every one of its organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="grants")
    shop = models.ForeignKey(
        Shop, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        verbose_name = "grant"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "shop"], name="one_role_per_key", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.role} in {self.shop or 'every shop'}"


def strongest(roles: Iterable[str]) -> Role | None:
    return max(map(Role, roles), key=RANKS.__getitem__, default=None)
