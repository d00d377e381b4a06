"""What keeps a carrier from answering, as a tree; each says what becomes of its connection.

CarrierTrouble
├── CarrierBusy         429: asked too often; wait as long as it says
├── CredentialsRefused  401, 403, or no token: somebody has to look
└── CarrierUnavailable  5xx, timeout, broken connection, nonsense: try again, later and later
"""

from datetime import timedelta

from common.sentences import Sentence, in_words
from common.sentences import marked as _

BUSY = _("The carrier was asked too often.")
REFUSED = _("The carrier refuses the credentials.")
UNDECRYPTABLE = _("The stored credentials cannot be decrypted; enter them again.")
NOT_INSTALLED = _("Carrier connections are not installed here.")
NO_ANSWER_IN_TIME = _("No answer in time.")
BAD_CERTIFICATE = _("The carrier’s certificate is not valid.")
UNKNOWN_ADDRESS = _("The carrier’s address cannot be found from here.")
NO_CONNECTION = _("The carrier takes no connection.")
NOTHING_FETCHED = _("Nothing is fetched while an answer is read.")
NO_ANSWER = Sentence(_("No answer: %(kind)s."))
ANSWERED = Sentence(_("The carrier answered %(status)s."))
TOO_LONG = Sentence(_("The answer is longer than %(bytes)s bytes."))
TOO_SLOW = Sentence(_("The answer took longer than %(seconds)s seconds."))
UNREADABLE = Sentence(_("The answer cannot be read: %(kind)s."))

_SENTENCES = (NO_ANSWER, ANSWERED, TOO_LONG, TOO_SLOW, UNREADABLE)


class CarrierTrouble(Exception):
    """`str()` is for the shop's admins: it holds no credentials. It is English, and kept."""


class CarrierBusy(CarrierTrouble):
    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__(BUSY)
        self.retry_after = retry_after


class CredentialsRefused(CarrierTrouble):
    def __init__(self) -> None:
        super().__init__(REFUSED)


class CarrierUnavailable(CarrierTrouble):
    pass


def trouble_words(kept: str) -> str:
    """What a connection keeps of its trouble, in the language of the reader."""
    return in_words(kept, _SENTENCES)
