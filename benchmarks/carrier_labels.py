"""Tracking numbers whose carrier is known: how `carriers.tsv` was made.

    python -m benchmarks.carrier_labels > benchmarks/carriers.tsv

Nothing of the matcher is used here: the check digits are written again from their sources, and
what shops call carriers is taken from public lists (the choices that Shopify offers as tracking
company, AfterShip's courier slugs, Sendcloud's and Shopware's names), not from the matcher's names.
Each row is of one half: `tuning`, which may be looked at while the matcher's odds are set, and
`held_out`, which has other services, prefixes, spellings and names, and may not.
"""

import csv
import sys
from collections.abc import Callable, Iterator
from random import Random

COLUMNS = ("half", "kind", "carrier", "number", "company", "country", "source")
NOBODY = "-"
"""The carrier of what is no tracking number, or of a carrier that is not among ours."""

Make = Callable[[Random], str]

# Check digits, from their public descriptions.


def weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * weights[i % len(weights)] for i, d in enumerate(digits))


def gs1(body: str) -> str:
    """GS1 General Specifications 7.9."""
    padded = body.rjust(40, "0")
    return body + str((10 - weighed(padded, (1, 3)) % 10) % 10)


def gls(body: str) -> str:
    """GLS: as GS1's, with one added to the sum."""
    return body + str((10 - (weighed(body.rjust(40, "0"), (1, 3)) + 1) % 10) % 10)


def s10(service: str, serial: str, country: str) -> str:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11."""
    rest = 11 - weighed(serial, (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return f"{service}{serial}{0 if rest == 10 else 5 if rest == 11 else rest}{country}"


def ups(body: str) -> str:
    """UPS: A is 2, B is 3, …; odd places once, even places twice, modulo 10."""
    values = [int(c) if c.isdigit() else (ord(c) - ord("A") + 2) % 10 for c in body]
    total = sum(value * (1 + place % 2) for place, value in enumerate(values))
    return f"1Z{body}{(10 - total % 10) % 10}"


def fedex(body: str) -> str:
    """FedEx Express: 3 1 7 for eleven digits, 1 7 3 for thirteen; modulo 11, then 10."""
    weights = (3, 1, 7) if len(body) == 11 else (1, 7, 3)
    return body + str(weighed(body, weights) % 11 % 10)


def identcode(body: str) -> str:
    """Deutsche Post: 4 and 9 in turn, modulo 10."""
    return body + str((10 - weighed(body, (4, 9)) % 10) % 10)


def iso_7064(body: str) -> str:
    """ISO 7064, modulo 37,36, as DPD's label guide has it."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 36
    for c in body:
        rest += alphabet.index(c)
        rest = (rest - 36 if rest > 36 else rest) * 2
        rest = rest - 37 if rest >= 37 else rest
    return body + alphabet[(37 - rest) % 36]


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def letters(rng: Random, count: int, alphabet: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


# Forms of numbers: carrier → (source, tuning, held out).


def post(country: str, *services: str) -> Make:
    return lambda rng: s10(rng.choice(services), digits(rng, 8), country)


def _1z(rng: Random, services: tuple[str, ...], shippers: str) -> str:
    shipper = digits(rng, 3) + rng.choice(shippers) + digits(rng, 2)
    return ups(shipper + rng.choice(services) + digits(rng, 7))


FORMS: dict[str, tuple[str, list[Make], list[Make]]] = {
    "ups": (
        "UPS guide to labels",
        [lambda r: _1z(r, ("01", "03", "68"), "AEFR")],
        [lambda r: _1z(r, ("11", "12", "66", "A8", "YW"), "VWXYZ0")],
    ),
    "fedex": (
        "FedEx Ship Manager guide; USPS Publication 199 (SmartPost)",
        [
            lambda r: fedex("7" + digits(r, 10)),
            lambda r: "9622" + digits(r, 3) + gs1(digits(r, 14)),
        ],
        [
            lambda r: fedex(r.choice("23489") + digits(r, 10)),
            lambda r: gs1(digits(r, 14)),
            lambda r: "9611" + digits(r, 3) + gs1(digits(r, 14)),
            lambda r: "1001" + digits(r, 16) + fedex("00" + digits(r, 11)),
            lambda r: gs1("926129" + digits(r, 15))[2:],
        ],
    ),
    "usps": (
        "USPS Publication 199 (IMpb); UPU S10",
        [lambda r: gs1("94001" + digits(r, 16)), post("US", "EA", "CP")],
        [
            lambda r: gs1(r.choice(("92055", "93612", "95055", "94056")) + digits(r, 16)),
            lambda r: "420" + digits(r, 5) + gs1("9374" + digits(r, 17)),
            lambda r: gs1("92748" + digits(r, 20)),
            post("US", "LZ", "RB", "UA"),
        ],
    ),
    "dhl": (
        "DHL guide to labels (NVE/SSCC, JJD); Deutsche Post Identcode; UPU S10",
        [lambda r: "00" + gs1("340434" + digits(r, 11))],
        [
            lambda r: "00" + gs1("340433" + digits(r, 11)),
            lambda r: "JJD" + r.choice(("14", "00", "03")) + digits(r, 11),
            lambda r: "JJD0" + digits(r, 19),
            lambda r: identcode(digits(r, 11)),
            post("DE", "CY", "CH"),
        ],
    ),
    "dhlexp": (
        "DHL Express guide to waybills: nine digits, modulo 7",
        [lambda r: (lambda n: f"{n}{int(n) % 7}")(str(r.randint(10**8, 10**9 - 1)))],
        [
            lambda r: (lambda n: f"{n}{int(n) % 7}")(str(r.randint(10**8, 10**9 - 1))),
            lambda r: "JD01" + digits(r, 16),
        ],
    ),
    "depost": (
        "UPU S10",
        [post("DE", "RR", "LX")],
        [post("DE", "RT", "LB", "UV", "RG", "VV")],
    ),
    "dpd": (
        "DPD Paketscheinspezifikation: four digits of depot, ten of the parcel, ISO 7064",
        [lambda r: "01" + digits(r, 12), lambda r: iso_7064("0" + digits(r, 13))],
        [
            lambda r: r.choice(("02", "06", "09", "13")) + digits(r, 12),
            lambda r: iso_7064("00" + digits(r, 5) + "0" + digits(r, 13) + "101276"),
        ],
    ),
    "dpdn": (
        "DPD: depots 05xx",
        [lambda r: "05" + digits(r, 12)],
        [lambda r: "0522" + digits(r, 10)],
    ),
    "dpduk": (
        "DPD: depots 15xx",
        [lambda r: "15" + digits(r, 12)],
        [lambda r: "1550" + digits(r, 10)],
    ),
    "gls": (
        "GLS: eleven digits, and the check digit that is printed after them; Track ID",
        [lambda r: r.choice("2345") + digits(r, 10)],
        [
            lambda r: gls(r.choice("13456") + digits(r, 10)),
            lambda r: letters(r, 4) + digits(r, 1) + letters(r, 3, "ABCDEFGH23456789"),
        ],
    ),
    "hrs": (
        "Hermes: 14 digits, modulo 10; H and 19 digits. Evri: 16 characters",
        [lambda r: gs1("0" + digits(r, 12))],
        [
            lambda r: gs1(r.choice("123") + digits(r, 12)),
            lambda r: "H" + r.choice(("1000", "1020", "1051")) + digits(r, 15),
            lambda r: "T00" + letters(r, 4, "ABCD0123456789") + digits(r, 9),
        ],
    ),
    "amz": (
        "Amazon's help pages",
        [lambda r: "TBA" + digits(r, 12)],
        [lambda r: r.choice(("TBC", "TBM", "TBA")) + digits(r, 12), lambda r: "DE" + digits(r, 10)],
    ),
    "royalmail": (
        "UPU S10",
        [post("GB", "RM", "JB", "KE")],
        [post("GB", "OY", "AB", "LK", "WK", "TT", "QZ")],
    ),
    "postnl_inter": (
        "UPU S10; PostNL developer documentation (3S barcodes)",
        [post("NL", "LS", "CD")],
        [post("NL", "RS", "UF", "LV"), lambda r: "3S" + letters(r, 4) + digits(r, 9)],
    ),
    "swisspost": (
        "Swiss Post, barcode handbook: 18 digits; UPU S10",
        [lambda r: "9960" + digits(r, 14), post("CH", "RN")],
        [
            lambda r: "99." + digits(r, 2) + "." + digits(r, 6) + "." + digits(r, 8),
            lambda r: "98" + digits(r, 16),
            post("CH", "CT", "LP", "EM"),
        ],
    ),
    "postat": (
        "Österreichische Post, Belabelungsfibel: 22 digits; UPU S10",
        [lambda r: "1000" + digits(r, 18), post("AT", "RO")],
        [lambda r: "10" + r.choice("3456") + digits(r, 19), post("AT", "CE", "RR", "LB")],
    ),
    "bpost": (
        "bpost's help pages: 24 digits from 3299 or 3232, JJBEA; UPU S10",
        [lambda r: "3232" + digits(r, 20), post("BE", "CD")],
        [
            lambda r: "3299" + digits(r, 20),
            lambda r: "3232" + digits(r, 14),
            lambda r: "JJBEA" + digits(r, 22),
            post("BE", "CE", "EE", "CZ", "RA"),
        ],
    ),
    "anpost": ("UPU S10", [post("IE", "CE")], [post("IE", "RL", "LE", "CP", "EM")]),
    "posti": (
        "UPU S10; Posti's guide (JJFI)",
        [post("FI", "MX", "RR")],
        [lambda r: "JJFI" + digits(r, 17), post("FI", "CE", "UA", "LA")],
    ),
    "bring": (
        "Bring, label specification: SSCC of GS1 Norway, consignments from 70; UPU S10",
        [lambda r: gs1("370" + digits(r, 14))],
        [
            lambda r: gs1("707" + digits(r, 13)),
            lambda r: "00" + gs1("370" + digits(r, 14)),
            post("NO", "CG", "RR", "LA"),
        ],
    ),
    "postnord": (
        "PostNord, Nordic Shipping Label; UPU S10",
        [lambda r: gs1("373" + digits(r, 14)), post("SE", "UJ")],
        [
            lambda r: "00" + gs1("373" + digits(r, 14)),
            lambda r: "00" + gs1("057" + digits(r, 14)),
            post("SE", "LX", "RR", "CP"),
            post("DK", "RR", "CE", "LA"),
        ],
    ),
    "brt": (
        "BRT's help pages",
        [lambda r: "0" + digits(r, 11)],
        [lambda r: digits(r, 15), lambda r: digits(r, 19)],
    ),
    "gls_es": ("no public rule", [lambda r: digits(r, 14)], [lambda r: digits(r, 11)]),
    "goexp": ("no public rule", [lambda r: digits(r, 12)], [lambda r: digits(r, 9)]),
    "rhe": ("no public rule", [lambda r: digits(r, 10)], [lambda r: "RHD" + digits(r, 8)]),
    "dachser": (
        "no public rule but SSCC",
        [lambda r: digits(r, 9)],
        [lambda r: "00" + gs1("34012345" + digits(r, 9))],
    ),
    "dao": (
        "no public rule but SSCC",
        [lambda r: "00" + gs1("057" + digits(r, 14))],
        [lambda r: digits(r, 16)],
    ),
    "parcelone": ("no public rule", [lambda r: digits(r, 13)], [lambda r: "P1" + digits(r, 10)]),
    "asendia_de": ("no public rule", [lambda r: "AS" + digits(r, 10)], [lambda r: digits(r, 11)]),
    "dhl2man": ("no public rule", [lambda r: digits(r, 8)], [lambda r: digits(r, 12)]),
}

# What shops call them: tuning, held out; and where their parcels mostly go.
CALLED: dict[str, tuple[list[str], list[str], list[str]]] = {
    "ups": (
        ["UPS", "UPS Standard"],
        ["ups", "United Parcel Service", "UPS®", "UPS Express Saver"],
        ["DE", "US", "FR"],
    ),
    "fedex": (
        ["FedEx", "Fedex Express"],
        ["fedex-ground", "Federal Express", "FEDEX", "Fedx"],
        ["US", "US", "DE"],
    ),
    "usps": (
        ["USPS"],
        ["usps", "United States Postal Service", "USPS Priority"],
        ["US", "US", "CA"],
    ),
    "dhl": (
        ["DHL", "DHL Paket"],
        [
            "Deutsche Post DHL",
            "dhl-germany",
            "DHL Parcel",
            "DHL Packet",
            "DHL Pakett",
            "DHL (Standardversand)",
        ],
        ["DE", "DE", "AT"],
    ),
    "dhlexp": (
        ["DHL Express"],
        ["dhl-express", "DHL EXPRESS", "DHL Expres", "DHL Express Worldwide"],
        ["US", "GB", "DE"],
    ),
    "depost": (
        ["Deutsche Post"],
        ["deutsch-post", "Deutsche Post Mail", "Deutsche Post Brief"],
        ["DE", "FR", "AT"],
    ),
    "dpd": (["DPD"], ["dpd-de", "DPD Germany", "DPD Classic", "dpd paket"], ["DE", "AT", "FR"]),
    "dpdn": (["DPD NL"], ["dpd_nl", "DPD Nederland"], ["NL"]),
    "dpduk": (["DPD UK"], ["dpd uk", "DPD Local", "DPD-UK"], ["GB"]),
    "gls": (
        ["GLS"],
        ["gls", "GLS Germany", "General Logistics Systems", "GLS Paket"],
        ["DE", "FR", "AT"],
    ),
    "hrs": (
        ["Hermes"],
        ["hermes-de", "Evri", "Hermes Germany", "Hermse", "myHermes UK"],
        ["DE", "DE", "GB"],
    ),
    "amz": (["Amazon"], ["Amazon Logistics", "amazon_shipping", "AMZL_US"], ["DE", "US"]),
    "royalmail": (
        ["Royal Mail"],
        ["royal-mail", "Royalmail", "Roayl Mail", "Royal Mail Tracked 48"],
        ["GB"],
    ),
    "postnl_inter": (
        ["PostNL International"],
        ["postnl-international", "PostNL", "Post NL"],
        ["NL", "DE", "US"],
    ),
    "swisspost": (
        ["Swiss Post"],
        ["swiss-post", "Die Schweizerische Post", "La Poste Suisse", "SwissPost"],
        ["CH"],
    ),
    "postat": (
        ["Österreichische Post"],
        ["austrian-post", "Oesterreichische Post", "Austrian Post", "Post AT"],
        ["AT"],
    ),
    "bpost": (["bpost"], ["Bpost", "bpost international", "B-Post"], ["BE"]),
    "anpost": (["An Post"], ["an-post", "AnPost", "An Post Ireland"], ["IE"]),
    "posti": (["Posti"], ["posti", "Itella Posti", "Posti Finland"], ["FI"]),
    "bring": (["Bring"], ["bring", "Posten Norge", "Posten / Bring"], ["NO"]),
    "postnord": (
        ["PostNord"],
        ["postnord-logistics", "PostNord DK", "PostNord SE", "Post Nord", "Postnrod"],
        ["SE", "DK"],
    ),
    "brt": (["BRT"], ["brt-it", "BRT Bartolini", "Bartolini"], ["IT"]),
    "gls_es": (["GLS Spain"], ["gls-spain", "GLS España"], ["ES"]),
    "goexp": (["GO! Express & Logistics"], ["general-overnight", "GO! Express"], ["DE"]),
    "rhe": (["Rhenus"], ["Rhenus Home Delivery", "rhenus-logistics"], ["DE"]),
    "dachser": (["Dachser"], ["dachser", "DACHSER SE"], ["DE"]),
    "dao": (["dao"], ["dao365", "DAO"], ["DK"]),
    "parcelone": (["Parcel One"], ["parcelone", "PARCEL.ONE"], ["DE", "FR"]),
    "asendia_de": (["Asendia Germany"], ["asendia-de", "Asendia"], ["DE", "US"]),
    "dhl2man": (["DHL 2-Mann-Handling"], ["DHL 2-Mann", "DHL 2MH"], ["DE"]),
}

PUBLISHED: list[tuple[str, str, str]] = [
    *(
        ("ups", n, "tracking_number_data, UPS")
        for n in (
            "1Z5R89390357567127",
            "1Z879E930346834440",
            "1Z410E7W0392751591",
            "1Z8V92A70367203024",
        )
    ),
    ("ups", "1Z999AA10123456784", "UPS developer documentation"),
    ("ups", "1Z12345E0205271688", "UPS developer documentation"),
    *(
        ("fedex", n, "tracking_number_data, FedEx")
        for n in (
            "986578788855",
            "477179081230",
            "799531274483",
            "0414 4176 0228 964",
            "5682 8361 0012 734",
            "1001921334250001000300779017972697",
            "1002297871540001000300790695517286",
            "9611020987654312345672",
            "61299998820821171811",
            "9261292700768711948021",
            "9622001900000000000000776632517510",
        )
    ),
    *(
        ("usps", n, "tracking_number_data, USPS")
        for n in (
            "9505 5110 6960 5048 6006 24",
            "9400 1112 0108 0805 4830 16",
            "9361 2898 7870 0317 6337 95",
            "420221539101026837331000039521",
            "4201002334249200190132607600833457",
            "92748931507708513018050063",
            "0307 1790 0005 2348 3741",
        )
    ),
    *(
        ("dhlexp", n, "tracking_number_data, DHL")
        for n in ("3318810025", "8487135506", "1099255990", "3821724944")
    ),
    ("dhl", "00340433836442636597", "paketda.de, Prüfziffern"),
    ("dhl", "201298452277", "paketda.de, Prüfziffern"),
    ("dhl", "JJD1410302937991", "paketda.de, Prüfziffern"),
    ("dhl", "00340434161094042557", "DHL developer documentation"),
    ("hrs", "09133131530724", "paketda.de, Prüfziffern"),
    ("dpd", "01015026003653C", "paketda.de, Prüfziffern"),
    ("dpd", "0081 827 0998 0000 0200 33 350 276 C", "DPD Paketscheinspezifikation"),
    ("dpd", "0081 827 0998 0000 0200 45 327 276 N", "DPD Paketscheinspezifikation"),
    ("gls", "366310000017", "a public adapter of GLS France"),
    ("gls", "XHAX4HDA", "paketda.de, GLS-Paketlabel"),
    ("swisspost", "RN573817394CH", "Swiss Post, barcode handbook"),
    ("bpost", "329998745632147852365873", "bpost's help pages"),
    ("bpost", "JJBEA2356412012365478896541", "bpost's help pages"),
    ("amz", "TBA502887274000", "tracking_number_data, Amazon"),
]

FOREIGN: list[tuple[str, Make]] = [
    ("Colissimo", lambda r: r.choice(("6A", "8R", "6C")) + digits(r, 11)),
    ("Chronopost", post("FR", "XY", "HF")),
    ("La Poste", post("FR", "LA", "RK")),
    ("China Post", post("CN", "LP", "RB", "UH")),
    ("Japan Post", post("JP", "EN", "RR")),
    ("Poste Italiane", post("IT", "RR", "CX")),
    ("Correos", lambda r: "PQ" + letters(r, 5) + digits(r, 14) + letters(r, 1)),
    ("InPost", lambda r: digits(r, 24)),
    ("Poczta Polska", lambda r: "00" + gs1("590077" + digits(r, 11))),
    ("Canada Post", lambda r: gs1("7" + digits(r, 14))),
    ("Yodel", lambda r: "JD0002" + digits(r, 12)),
    ("YunExpress", lambda r: "YT" + digits(r, 16)),
    ("OnTrac", lambda r: "C" + digits(r, 14)),
    ("trans-o-flex", lambda r: digits(r, 14)),
    ("Mondial Relay", lambda r: digits(r, 8)),
    ("SEUR", lambda r: digits(r, 12)),
    ("Australia Post", lambda r: "33" + letters(r, 3) + digits(r, 18)),
    ("Packeta", lambda r: "Z" + digits(r, 10)),
]

NO_TRACKING: list[tuple[str, Make]] = [
    ("an order number", lambda r: f"#{r.randint(1000, 99999)}"),
    ("an order number", lambda r: f"SO-2026-{digits(r, 5)}"),
    ("an order number", lambda r: str(r.randint(10**8, 10**9 - 1))),
    ("an order number", lambda r: f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}"),
    ("a shop system's id", lambda r: "5" + digits(r, 12)),
    ("a phone number", lambda r: "0049" + digits(r, 10)),
    ("a phone number", lambda r: "0170" + digits(r, 7)),
    ("an EAN", lambda r: gs1("40" + digits(r, 10))),
    ("an IBAN", lambda r: "DE" + digits(r, 20)),
    ("a VAT id", lambda r: "DE" + digits(r, 9)),
    ("a VAT id", lambda r: "ATU" + digits(r, 8)),
    ("a SSCC of some shipper", lambda r: "00" + gs1("340" + digits(r, 14))),
    ("a SSCC of some shipper", lambda r: gs1("3" + digits(r, 16))),
    ("a UUID", lambda r: f"{r.getrandbits(128):032x}"),
    ("a container", lambda r: "MSKU" + digits(r, 7)),
    ("a card number", lambda r: "4" + digits(r, 15)),
    (
        "a date and a number",
        lambda r: f"2026{r.randint(1, 12):02}{r.randint(1, 28):02}{digits(r, 6)}",
    ),
    (
        "words",
        lambda r: r.choice(("pending", "n/a", "Abholung", "see e-mail", "Selbstabholer", "-")),
    ),
]

GENERIC = ["", "Standard", "Other", "Versand", "Standard Shipping", "Sonstige", "Custom"]
UNHEARD = ["Acme Cargo", "Bike Courier Berlin", "Spedition Huber", "QuickShip", "Kurierdienst Nord"]


def rows() -> Iterator[tuple[str, ...]]:
    for half, place in (("tuning", 0), ("held_out", 1)):
        rng = Random(f"{half} 2026-11-25")
        yield from _positives(rng, half, place)
        yield from _conflicts(rng, half, place)
        yield from _negatives(rng, half)
        yield from _weak_conflicts(rng, half, place)
    for carrier, number, source in PUBLISHED:
        company, country = CALLED[carrier][0][0], CALLED[carrier][2][0]
        yield ("held_out", "number", carrier, number, "", "", source)
        yield ("held_out", "number, country", carrier, number, "", country, source)
        yield ("held_out", "number, company", carrier, number, company, country, source)


def _positives(rng: Random, half: str, place: int) -> Iterator[tuple[str, ...]]:
    for carrier, (source, *halves) in FORMS.items():
        names, countries = CALLED[carrier][place], CALLED[carrier][2]
        for make in halves[place]:
            for turn in range(6):
                number, country = _typed(rng, make(rng)), rng.choice(countries)
                company = names[turn % len(names)]
                yield (half, "number", carrier, number, "", "", source)
                yield (half, "number, country", carrier, number, "", country, source)
                yield (
                    half,
                    "number, company",
                    carrier,
                    number,
                    company,
                    rng.choice(("", country)),
                    source,
                )
        for company in names:
            odd = rng.choice((digits(rng, 7), "A" + digits(rng, 6), f"#{digits(rng, 5)}"))
            yield (
                half,
                "company",
                carrier,
                odd,
                company,
                rng.choice(countries),
                "a number of no known form",
            )


def _typed(rng: Random, number: str) -> str:
    """As people type and paste: now and then in groups, in small letters, with spaces around."""
    turn = rng.random()
    if turn < 0.1:
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    if turn < 0.2:
        return number.lower()
    return number


def _conflicts(rng: Random, half: str, place: int) -> Iterator[tuple[str, ...]]:
    """The text names another carrier than the one whose number it plainly is."""
    plain = {"ups": "DHL", "usps": "UPS", "amz": "DPD", "anpost": "Royal Mail", "postat": "GLS"}
    for carrier, company in plain.items():
        source, *halves = FORMS[carrier]
        for _ in range(6):
            number = halves[place][-1](rng) if carrier != "amz" else halves[place][0](rng)
            yield (half, "conflict", carrier, number, company, "", source)


def _weak_conflicts(rng: Random, half: str, place: int) -> Iterator[tuple[str, ...]]:
    """The text names another carrier, and the number's form is one that several share."""
    for carrier in ("hrs", "gls", "dpd", "dhlexp", "fedex", "brt", "dhl"):
        source, *halves = FORMS[carrier]
        others = sorted(CALLED.keys() - {carrier, "dpdn", "dpduk", "dhl2man", "depost", "gls_es"})
        for company_of in rng.sample(others, 12):
            make, names = rng.choice(halves[place]), CALLED[company_of][place]
            country = rng.choice(CALLED[carrier][2])
            row = (half, "weak conflict", carrier, make(rng), rng.choice(names), country, source)
            if (carrier, company_of) != ("dhlexp", "dhl"):
                yield row


def _negatives(rng: Random, half: str) -> Iterator[tuple[str, ...]]:
    for length in range(7, 31):
        for _ in range(10):
            number, country = (
                digits(rng, length),
                rng.choice(("", "", "DE", "CH", "US", "IT", "AT")),
            )
            company = rng.choice(GENERIC)
            yield (half, "random digits", NOBODY, number, company, country, f"{length} digits")
    for what, make in NO_TRACKING:
        for _ in range(8):
            company = rng.choice([*GENERIC, *UNHEARD])
            yield (half, "no tracking", NOBODY, make(rng), company, rng.choice(("", "DE")), what)
    for name, make in FOREIGN:
        for company in ("", "", name, name, rng.choice(UNHEARD)):
            yield (half, "foreign", NOBODY, make(rng), company, rng.choice(("", "DE", "FR")), name)
    for carrier in (
        "ups",
        "dhl",
        "usps",
        "depost",
        "postat",
        "swisspost",
        "dhlexp",
        "fedex",
        "hrs",
    ):
        for _ in range(8):
            number = FORMS[carrier][1][-1](rng)
            place = rng.choice([i for i, c in enumerate(number) if c.isdigit()][-5:])
            wrong = (int(number[place]) + rng.randint(1, 9)) % 10
            mistyped = number[:place] + str(wrong) + number[place + 1 :]
            yield (half, "mistyped", NOBODY, mistyped, "", "", f"{carrier}, one digit wrong")


def main() -> None:
    writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())


if __name__ == "__main__":
    main()
