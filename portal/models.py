"""What people keep for themselves in the portal."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from shops.models import User
from shops.tenancy import ShopQuerySet, ShopRow


class SavedRoom(models.TextChoices):
    """Where something can be saved under a name."""

    ORDERS = "orders", "The list of orders"
    SHIPMENTS = "shipments", "The list of shipments"
    ANALYTICS = "analytics", "The numbers"


class SavedFilterQuerySet(ShopQuerySet["SavedFilter"]):
    def seen_by(self, person: User, *, in_room: SavedRoom) -> Self:
        """The person's own, and those that everybody in the shop has; by name."""
        mine = self.filter(Q(owner=person) | Q(owner=None), room=in_room)
        return mine.order_by(Lower("name"), "id")


class SavedFilter(ShopRow):
    """A way to look at a room that somebody gave a name, such as a list's filter."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="Whose it is; everybody's in the shop where it is nobody's own.",
    )
    room = models.CharField(
        max_length=16,
        choices=SavedRoom.choices,
        default=SavedRoom.SHIPMENTS,
        db_default=SavedRoom.SHIPMENTS,
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, help_text="The query string of the page.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "shop",
                "owner",
                "room",
                Lower("name"),
                condition=Q(owner__isnull=False),
                name="saved_filter_name_of_person",
            ),
            models.UniqueConstraint(
                "shop",
                "room",
                Lower("name"),
                condition=Q(owner=None),
                name="saved_filter_name_of_shop",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None


class ChosenColumns(ShopRow):
    """Which columns of a list somebody chose last (`portal.columns`)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    room = models.CharField(max_length=16, choices=SavedRoom.choices)
    columns = models.CharField(max_length=300, help_text="Their keys, with commas between them.")

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "chosen columns"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "person", "room"], name="chosen_columns_of_person"
            )
        ]

    def __str__(self) -> str:
        return self.columns


class WeeklySummary(ShopRow):
    """A member's wish to be sent the shop's numbers of each week (`portal.numbers.summary`)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    told_until = models.DateField(
        editable=False, help_text="The last day of the last week that was sent."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "weekly summaries"
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="one_weekly_summary_of_person")
        ]

    def __str__(self) -> str:
        return f"told until {self.told_until:%Y-%m-%d}"


class VisitEnd(models.TextChoices):
    LEFT = "left", _("Left")
    TIME = "time", _("Time was up")
    LOGGED_OUT = "logged_out", _("Logged out")


class StaffVisit(ShopRow):
    """Staff of the operator see a shop as one of its members does, to look only."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="As whom.",
    )
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until at most"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.CharField(
        _("ended by"), max_length=10, choices=VisitEnd.choices, blank=True, default=""
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff visit")
        indexes = [
            models.Index(fields=["until"], name="visit_open", condition=Q(ended_at=None)),
            models.Index("shop", F("began_at").desc(), name="visit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} as {self.member}"
