"""What people read of the stories, in their own language."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shipments.models import Feed, Scan

WORDS: dict[str, tuple[Promise, Promise]] = {
    "smooth": (
        _("All goes well"),
        _("Announced, sorted twice, delivered on the second day within its window."),
    ),
    "delayed": (
        _("Delayed"),
        _("Misrouted on its way; the carrier tells a later day twice, then delivers."),
    ),
    "failed_then_parcel_shop": (
        _("Nobody home, then a parcel shop"),
        _("The first attempt fails; the parcel waits in a shop, where it is picked up."),
    ),
    "lost": (
        _("Lost"),
        _("No movement for days; the carrier searches for it and gives it up."),
    ),
    "returned": (
        _("Refused and returned"),
        _("The recipient does not take it, and it goes back to the sender."),
    ),
}
"""By the story's name in `stories.toml`: its title, and what happens."""

NOTES = frozenset(
    (
        gettext_noop("The parcel was sorted to a wrong hub and is on its way back."),
        gettext_noop("A card was left."),
        gettext_noop("The carrier searches for the parcel."),
        gettext_noop("The parcel was not found."),
    )
)
"""What `stories.toml` has the carriers add; kept in English, as it is sent to programs."""


def note_words(scan: Scan) -> str:
    """What was added to the scan: a story's own words in the language of the page."""
    note = scan.additional_info
    return gettext(note) if scan.feed == Feed.SIMULATOR and note in NOTES else note
