"""The known carriers, as data: `carriers.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    reference: str
    name: str
    link: str

    def tracking_url(self, tracking_number: str) -> str:
        """The parcel's page at the carrier."""
        return self.link.format(number=quote(tracking_number, safe=""))


CARRIERS: dict[str, Carrier] = {
    reference: Carrier(reference=reference, **fields)
    for reference, fields in tomllib.loads(
        Path(__file__).with_name("carriers.toml").read_text()
    ).items()
}


def carrier_url(reference: str | None, tracking_number: str | None, *, said: str | None) -> str:
    """Where the carrier shows the parcel: as the shop `said`, else by the carrier's template."""
    carrier = CARRIERS.get(reference or "")
    if said or carrier is None or tracking_number is None:
        return said or ""
    return carrier.tracking_url(tracking_number)


def carrier_name(reference: str | None) -> str:
    """How people call the carrier; the reference itself where it is not one of ours."""
    carrier = CARRIERS.get(reference or "")
    return carrier.name if carrier else reference or ""
