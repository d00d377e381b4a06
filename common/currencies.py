"""The currency codes of ISO 4217."""

from babel import Locale
from babel.numbers import get_territory_currencies

CURRENCIES = frozenset(Locale("en").currencies)
"""All that there ever were: orders of long ago are imported too."""

CURRENT_CURRENCIES = frozenset(
    code
    for territory in map(str, Locale("en").territories)
    if len(territory) == 2
    for code in map(str, get_territory_currencies(territory))
)
"""Those that are paid with somewhere today: what people are given to choose from."""
