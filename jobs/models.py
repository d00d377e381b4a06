"""Long work that somebody asked for: done in batches, watched, stopped, accounted row by row."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class JobState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    BROKEN = "broken", _("Broken off")


class JobQuerySet(ShopQuerySet["Job"]):
    def running(self) -> Self:
        return self.filter(state=JobState.RUNNING)


class Job(DatedShopRow):
    """What was asked for, how far it is, and how it ended.

    A batch, its results and the place where the next one begins are written in one transaction: a
    worker that dies repeats nothing and leaves nothing out.
    """

    kind = models.CharField(max_length=32, help_text="Which of the kinds that the worker knows.")
    asked = models.JSONField(default=dict, help_text="What the kind needs to know.")
    actor = models.CharField(max_length=255, help_text="Who asked for it.")
    request_id = models.CharField(max_length=128, blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.RUNNING)
    place = models.CharField(
        max_length=255, blank=True, default="", help_text="Where the next batch begins."
    )
    total = models.PositiveIntegerField(null=True, help_text="Rows in all, once they are counted.")
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True, default="", db_default="")
    leased_until = models.DateTimeField(null=True, editable=False)
    stopped_by = models.CharField(
        max_length=255, blank=True, default="", db_default="", help_text="Who stopped it."
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, ended_at=None)
                | (~Q(state=JobState.RUNNING) & Q(ended_at__isnull=False)),
                name="job_ended_at_when_ended",
            )
        ]
        indexes = [
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="job_newest"),
            models.Index(
                fields=["created_at"], name="job_running", condition=Q(state=JobState.RUNNING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def is_running(self) -> bool:
        return self.state == JobState.RUNNING

    @property
    def is_waiting(self) -> bool:
        """No worker has taken it yet."""
        return self.is_running and self.total is None and self.leased_until is None

    @property
    def handled(self) -> int:
        return self.done + self.skipped + self.failed

    @property
    def percent(self) -> int | None:
        """Of its rows; None until they are counted."""
        return None if self.total is None else min(100, 100 * self.handled // max(self.total, 1))


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Nothing to do")
    FAILED = "failed", _("Failed")


class JobRow(ShopRow):
    """What became of one row of a job."""

    job = ForeignKeyInShop(Job, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text="Its place, from 1.")
    subject = models.CharField(max_length=255, help_text="What it was about: an order's number.")
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    message = models.CharField(max_length=1000, blank=True, default="", db_default="")

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "job", "position"], name="job_row_once")
        ]
        indexes = [
            models.Index(
                fields=["shop", "job", "position"],
                name="job_row_failed",
                condition=Q(outcome=Outcome.FAILED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_outcome_display()}"
