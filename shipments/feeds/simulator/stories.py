"""The stories that a test parcel can live through: `stories.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shipments.catalogue.meanings import meaning_of
from shipments.feeds.simulator.words import NOTES, WORDS
from shipments.phases import Direction
from shipments.scans.inputs import PickupInput, WindowInput


class Speed(models.IntegerChoices):
    """How many seconds a day of the story takes."""

    A_DAY_IN_10_SECONDS = 10, _("A day in 10 seconds")
    A_DAY_IN_A_MINUTE = 60, _("A day in a minute")
    A_DAY_IN_AN_HOUR = 3_600, _("A day in an hour")
    AS_IT_IS = 86_400, _("As in real life")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Hours are those of the story."""

    after: float
    event: str
    location: str | None = None
    note: str | None = None
    arrives: tuple[float, float] | None = None
    pickup: PickupInput | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    name: str
    title: Promise
    about: Promise
    steps: tuple[Step, ...]


def moment_of(hours: float, *, start: datetime, speed: Speed) -> datetime:
    """When what happens after so many hours of the story happens at this speed."""
    return start + timedelta(seconds=hours / 24 * speed)


def window_of(step: Step, *, start: datetime, speed: Speed) -> WindowInput | None:
    if step.arrives is None:
        return None
    since, until = (moment_of(hours, start=start, speed=speed) for hours in step.arrives)
    return WindowInput(start=since, end=until)


def _read() -> dict[str, Story]:
    said = tomllib.loads(Path(__file__).with_name("stories.toml").read_text(encoding="utf-8"))
    return {name: _story(name, line) for name, line in said.items()}


def _story(name: str, line: dict[str, Any]) -> Story:
    steps = tuple(_step(name, said) for said in line["steps"])
    if list(steps) != sorted(steps, key=lambda step: step.after):
        raise ValueError(f"stories.toml: the steps of {name} are out of order")
    title, about = WORDS[name]
    return Story(name=name, title=title, about=about, steps=steps)


def _step(story: str, said: dict[str, Any]) -> Step:
    if meaning_of(said["event"], Direction.MERCHANT_CUSTOMER) is None:
        raise ValueError(f"stories.toml: {said['event']} in {story} is no name of the catalogue")
    if "note" in said and said["note"] not in NOTES:
        raise ValueError(f"stories.toml: nobody could translate a note in {story}: see words.py")
    pickup = said.pop("pickup", None)
    arrives = said.pop("arrives", None)
    return Step(
        **said,
        arrives=(arrives[0], arrives[1]) if arrives else None,
        pickup=PickupInput.model_validate(pickup) if pickup else None,
    )


STORIES: dict[str, Story] = _read()
