"""Why a parcel has its carrier, or none: kept in English, said in the language of the reader.

`shipment.carrier_reason` and the API hold the English, made of these sentences.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext

from common.sentences import Sentence, in_words
from common.sentences import marked as _

AS_THE_SHOP_SAID = _("As the shop said")
BY_HAND = _("Corrected by hand")

CHECKED = Sentence(_("%(form)s with a correct check digit"))
WRONG_CHECK = Sentence(_("%(form)s, but with a wrong check digit"))
BY_FORM = Sentence(_("%(form)s by its form"))
SENT_HOME = Sentence(_("it goes to %(country)s"))
READS_LIKE = Sentence(_("“%(company)s” reads like %(carrier)s"))
MAY_MEAN = Sentence(_("“%(company)s” may mean %(carrier)s"))
SAYS_THE_SAME = Sentence(_("“%(company)s” says the same"))
MEANS = Sentence(_("“%(company)s” means %(carrier)s"))
NO_FORM_OF_ITS = _("the number has none of the forms that we know of it")
SAYS_OTHERWISE = Sentence(_("although “%(company)s” says otherwise"))
NOT_CERTAIN = Sentence(_("Not certain enough: it may be %(carriers)s"))
NO_FORM = _("The number has no form that we know")
NONE_OF_OURS = Sentence(_("“%(company)s” is none of our carriers"))
NAMES_NOBODY = Sentence(_("“%(company)s” names no carrier that we know"))

_SENTENCES = (
    CHECKED,
    WRONG_CHECK,
    BY_FORM,
    SENT_HOME,
    READS_LIKE,
    MAY_MEAN,
    SAYS_THE_SAME,
    MEANS,
    SAYS_OTHERWISE,
    NOT_CERTAIN,
    NONE_OF_OURS,
    NAMES_NOBODY,
)

_BETWEEN = re.compile(r"; (?![^“]*”)")
"""The sentences, and not within what a shop said."""


def reason_of(sentences: Sequence[str]) -> str:
    return "; ".join(sentences)


def either(carriers: Sequence[str]) -> str:
    return " or ".join(carriers)


def reason_words(reason: str) -> str:
    """A kept reason in the language of the reader; a sentence that is not known stays English."""
    facts = {"form": gettext, "carriers": _either_words}
    return reason_of([in_words(said, _SENTENCES, facts) for said in _BETWEEN.split(reason)])


def _either_words(carriers: str) -> str:
    return f" {gettext('or')} ".join(carriers.split(" or "))
