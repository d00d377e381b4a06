"""What a client would rather have (RFC 7240): `Prefer: return=representation, handling=lenient`."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest


@dataclass(frozen=True, kw_only=True)
class Preferences:
    wants_representation: bool = False
    """`return=representation`: answer what was written, instead of `null`."""
    is_lenient: bool = False
    """`handling=lenient`: apply what can be applied, instead of all or nothing."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        asked = {
            preference.partition(";")[0].strip().lower().replace(" ", "").replace('"', "")
            for preference in request.META.get("HTTP_PREFER", "").split(",")
        }
        return cls(
            wants_representation="return=representation" in asked,
            is_lenient="handling=lenient" in asked,
        )

    def applied(self, *, lenient: bool = True) -> dict[str, str]:
        """The `Preference-Applied` header, if there was anything to apply."""
        applied = [
            *(["return=representation"] if self.wants_representation else []),
            *(["handling=lenient"] if self.is_lenient and lenient else []),
        ]
        return {"Preference-Applied": ", ".join(applied)} if applied else {}
