"""Expected refusals, as a tree; every leaf has a stable key and says what to do.

    DomainError
    ├── MalformedJSON       400  not JSON at all
    ├── Missing             404  what was named does not exist here
    │   ├── ShopNotFound, MemberNotFound, InvitationNotFound    shops
    │   ├── OrderNotFound       orders
    │   ├── ShipmentNotFound    shipments
    │   ├── CampaignNotFound, DiscountNotFound  campaigns
    │   └── ClaimNotFound       claims
    ├── Conflict            409  true to its form, but at odds with what is stored
    │   ├── ShopExists, MemberExists, LastAdmin    shops
    │   ├── OrderExists, OrderCancelled, OrderFulfilled, OrderReferenceAmbiguous    orders
    │   ├── ShipmentIsDraft     shipments
    │   ├── ActiveSegmentExists, CodeTaken, DiscountExists  campaigns
    │   ├── ClaimDecided, AnswerUnsendable, FlowNotOffered, ShipmentReferenceAmbiguous    claims
    │   └── IdempotencyKeyReused    intake
    ├── Invalid             422  what was sent breaks a rule of its form
    │   ├── ParameterUnknown    common.api
    │   ├── PhotoRefused        claims
    │   └── BulkRefused         intake
    ├── Denied              403  the caller's role does not allow it
    │   └── InvitationForSomebodyElse, KeyOfOtherShops    shops
    └── TooLarge            413  more at once than is taken

The contract's section 2 lists the keys. Which status a branch answers with is decided by the
HTTP layer (`common.api.errors`); services only raise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

Loc = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong in what was sent; `loc` is the path to it, relative to the payload."""

    loc: Loc
    msg: str
    type: str

    @property
    def field(self) -> str:
        """The last name on the path, for clients that show errors beside a form's fields."""
        return next((str(part) for part in reversed(self.loc) if isinstance(part, str)), "")

    def below(self, *prefix: str | int) -> "Fault":
        return Fault(loc=(*prefix, *self.loc), msg=self.msg, type=self.type)


class DomainError(Exception):
    """A refusal that was foreseen. `key` is for programs, `message` for people."""

    key: ClassVar[str] = "invalid_request"

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)

    def below(self, *prefix: str | int) -> Self:
        """The same refusal with its faults' paths one or more levels down."""
        return type(self)(self.message, [fault.below(*prefix) for fault in self.faults])


class MalformedJSON(DomainError):
    key = "json_invalid"


class Missing(DomainError):
    key = "not_found"


class Conflict(DomainError):
    key = "conflict"


class Invalid(DomainError):
    key = "payload_invalid"


class Denied(DomainError):
    key = "permission_denied"


class TooLarge(DomainError):
    key = "request_too_large"
