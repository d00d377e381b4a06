"""What previews of the tracking page can show: the test parcels' stories, and a few more."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shipments.catalogue.texts import event_strings
from shipments.feeds.simulator.stories import STORIES, Story
from shipments.phases import Phase

EXPECTED, SEVERAL, RETURN, CANCELLED = "expected", "several", "return", "cancelled"
OTHERS: dict[str, str | Promise] = {
    EXPECTED: _("Not sent yet"),
    SEVERAL: _("Three parcels"),
    RETURN: _("A return"),
    CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A story of the page, and after how many of its events: none, and it was just sent."""

    name: str
    step: int = 0


def scene_titles() -> dict[str, str | Promise]:
    return {**{story.name: story.title for story in STORIES.values()}, **OTHERS}


def step_titles(name: str, language: str) -> list[str]:
    """Of the scenes of a story, from its sending on; none where there is only one."""
    story = STORIES.get(name)
    if story is None:
        return []
    sent = event_strings("ORDER_IN_PROCESSING", Phase.ORDER_PROCESSED, language)
    return [
        sent["list_label"],
        *(_title(story, place, language) for place in range(len(story.steps))),
    ]


def scene_of(name: str, step: str) -> Scene:
    """The nearest there is to what was asked for; a story's end where no step was."""
    name = name if name in scene_titles() else "smooth"
    most = len(STORIES[name].steps) if name in STORIES else 0
    place = int(step) if step.isdecimal() and len(step) < 4 else most
    return Scene(name=name, step=min(place, most))


def _title(story: Story, place: int, language: str) -> str:
    # The phase only matters where a name has no words of its own.
    return event_strings(story.steps[place].event, Phase.IN_TRANSIT, language)["list_label"]
