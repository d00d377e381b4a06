"""The currency codes of ISO 4217."""

from babel import Locale

CURRENCIES = frozenset(Locale("en").currencies)
