"""What data say of carriers in English, for pages to say in other languages.

The texts stand in `shipments/feeds/carriers/connectors.toml`; here they are marked.
"""


def _(text: str) -> str:
    """Marks what is to be translated, and leaves it as it is."""
    return text


HELP = (
    _("Make an app with the product Tracking at developer.ups.com."),
    _("Make an app with Shipment Tracking – Unified at developer.dhl.com."),
    _("Ask GLS for access to its Track and Trace API."),
    _("Make a project with the Track API at developer.fedex.com."),
)
CREDENTIALS = (
    _("Client ID"),
    _("Client secret"),
    _("API key"),
    _("API secret"),
    _("API key of the Track API"),
    _("Secret key of the Track API"),
)
