"""What keeps a carrier from answering, as a tree; each says what becomes of its connection.

CarrierTrouble
├── CarrierBusy         429: asked too often; wait as long as it says
├── CredentialsRefused  401, 403, or no token: somebody has to look
└── CarrierUnavailable  5xx, timeout, broken connection, nonsense: try again, later and later
"""

from datetime import timedelta


class CarrierTrouble(Exception):
    """`str()` is for the shop's admins: it holds no credentials."""


class CarrierBusy(CarrierTrouble):
    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__("The carrier was asked too often.")
        self.retry_after = retry_after


class CredentialsRefused(CarrierTrouble):
    def __init__(self) -> None:
        super().__init__("The carrier refuses the credentials.")


class CarrierUnavailable(CarrierTrouble):
    pass
