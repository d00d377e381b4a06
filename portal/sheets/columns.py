"""The columns of orders in spreadsheets: one row for each line, the order's own columns repeated.

An export heads a column with its key; an import also knows what else people call it.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Part(StrEnum):
    """What a column is about."""

    ORDER = "order"
    ADDRESS = "address"
    LINE = "line"
    CHECK = "check"


class Kind(StrEnum):
    """How its cells are read."""

    TEXT = "text"
    AMOUNT = "amount"
    COUNT = "count"
    MOMENT = "moment"
    LIST = "list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    key: str
    label: Promise
    part: Part
    kind: Kind = Kind.TEXT
    field: str
    """Of the order, its address or its line."""
    called: tuple[str, ...] = ()
    """What else its heading may be, in English and German."""


def _order(key: str, label: Promise, *called: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(key=key, label=label, part=Part.ORDER, kind=kind, field=key, called=called)


def _address(key: str, label: Promise, *called: str) -> Column:
    return Column(key=key, label=label, part=Part.ADDRESS, field=key, called=called)


def _line(
    key: str, label: Promise, *called: str, kind: Kind = Kind.TEXT, field: str = ""
) -> Column:
    return Column(
        key=key, label=label, part=Part.LINE, kind=kind, field=field or key, called=called
    )


ORDER_NUMBER = _order(
    *("order_number", _("Order number"), "order", "order no", "order id", "number"),
    *("Bestellnummer", "Bestell-Nr.", "Auftragsnummer", "Auftrag", "Bestellung", "Nummer"),
)
LINE = _line(
    *("line", _("Line"), "line number", "position", "Zeile", "Pos."),
    kind=Kind.COUNT,
    field="position",
)
CHECK = Column(key="check", label=_("Check sum"), part=Part.CHECK, field="check")
"""Says of an exported row whether it was edited since (`portal.sheets.check`)."""

VALUES: tuple[Column, ...] = (
    ORDER_NUMBER,
    _order("order_name", _("Name of the order"), "order name", "Bestellname", "Bestellbezeichnung"),
    _order("external_id", _("External id"), "shop id", "Externe ID", "Fremd-ID"),
    _order(
        *(
            "order_placed_at",
            _("Placed"),
            "placed",
            "order date",
            "placed at",
            "ordered at",
            "created at",
        ),
        *("date", "Bestelldatum", "Bestellt am", "Auftragsdatum", "Datum"),
        kind=Kind.MOMENT,
    ),
    _order("email_id", _("E-mail"), "email", "email address", "E-Mail-Adresse", "Mail"),
    _address(
        *(
            "name",
            _("Recipient"),
            "recipient",
            "customer",
            "customer name",
            "shipping name",
            "full name",
        ),
        *("Empfänger", "Kunde", "Kundenname", "Lieferadresse Name"),
    ),
    _address("company", _("Company"), "shipping company", "Firma", "Firmenname"),
    _address(
        *("address_line_1", _("Address line 1"), "address", "address 1", "shipping address1"),
        *("Adresse", "Adresszeile 1", "Anschrift", "Lieferadresse"),
    ),
    _address(
        *("address_line_2", _("Address line 2"), "address 2", "shipping address2"),
        *("Adresszusatz", "Adresszeile 2"),
    ),
    _address("street", _("Street"), "shipping street", "Straße", "Straße und Hausnummer"),
    _address(
        *("zip_code", _("ZIP code"), "zip", "postcode", "postal code", "shipping zip"),
        *("PLZ", "Postleitzahl"),
    ),
    _address("city", _("City"), "town", "shipping city", "Ort", "Stadt", "Wohnort"),
    _address("province", _("Province"), "region", "shipping province", "Bundesland", "Kanton"),
    _address("province_code", _("Province code"), "shipping province code", "Kürzel Bundesland"),
    _address("country", _("Country"), "country name", "Land"),
    _address(
        *("country_code", _("Country code"), "shipping country", "iso country"),
        *("Ländercode", "Länderkürzel", "Länderkennzeichen"),
    ),
    _address("phone", _("Phone"), "telephone", "mobile", "Telefon", "Telefonnummer", "Handy"),
    _order("currency", _("Currency"), "Währung"),
    _order(
        *(
            "total_order_price",
            _("Total"),
            "total",
            "total price",
            "order total",
            "amount",
            "grand total",
        ),
        *("Gesamtsumme", "Gesamtbetrag", "Gesamtpreis", "Summe", "Betrag"),
        kind=Kind.AMOUNT,
    ),
    _order(
        *("sub_total_price", _("Subtotal"), "subtotal", "Zwischensumme", "Warenwert"),
        kind=Kind.AMOUNT,
    ),
    _order(
        *(
            "shipping_price",
            _("Shipping"),
            "shipping",
            "shipping costs",
            "Versandkosten",
            "Versand",
            "Porto",
        ),
        kind=Kind.AMOUNT,
    ),
    _order(
        *("discount_price", _("Discount"), "discount", "discount amount", "Rabatt", "Nachlass"),
        kind=Kind.AMOUNT,
    ),
    _order("weight", _("Weight in grams"), "order weight", "Gewicht", kind=Kind.AMOUNT),
    _order("segments", _("Segments"), "tags", "labels", "Segmente", "Schlagworte", kind=Kind.LIST),
    _order(
        *(
            "external_customer_id",
            _("Customer number"),
            "customer number",
            "customer id",
            "Kundennummer",
            "Kunden-Nr.",
        )
    ),
    _order("order_status_url", _("Link to the order"), "status url", "Bestell-Link"),
    _order(
        *(
            "expected_number_of_shipments",
            _("Expected parcels"),
            "expected parcels",
            "parcels",
            "number of parcels",
        ),
        *("Pakete", "Anzahl Pakete", "Erwartete Pakete"),
        kind=Kind.COUNT,
    ),
    LINE,
    _line(
        *("sku", _("SKU"), "item number", "lineitem sku", "product number"),
        *("Artikelnummer", "Artikel-Nr.", "Art.-Nr."),
    ),
    _line(
        *(
            "title",
            _("Product"),
            "product",
            "product name",
            "product title",
            "item",
            "lineitem name",
        ),
        *("Artikel", "Artikelname", "Artikelbezeichnung", "Produkt", "Produktname", "Bezeichnung"),
    ),
    _line(
        *("quantity", _("Quantity"), "qty", "lineitem quantity", "Menge", "Anzahl", "Stückzahl"),
        kind=Kind.COUNT,
    ),
    _line(
        *("price", _("Price"), "unit price", "item price", "lineitem price"),
        *("Preis", "Einzelpreis", "Stückpreis"),
        kind=Kind.AMOUNT,
    ),
    _line("product_id", _("Product id"), "Produkt-ID", "Artikel-ID"),
    _line("variant_id", _("Variant id"), "Varianten-ID"),
    _line("size", _("Size"), "Größe"),
    _line(
        *("product_weight", _("Product’s weight in grams"), "item weight", "Artikelgewicht"),
        kind=Kind.AMOUNT,
        field="weight",
    ),
)
"""What is exported and imported, in the order of an export's columns."""

COLUMNS: dict[str, Column] = {column.key: column for column in (*VALUES, CHECK)}
ORDER_COLUMNS = tuple(column for column in VALUES if column.part is not Part.LINE)
LINE_COLUMNS = tuple(column for column in VALUES if column.part is Part.LINE)

NOT_IMPORTED = ("state", "reason")
"""Headings of our own files that say something to people only."""
