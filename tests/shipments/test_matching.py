"""Which carrier a tracking number belongs to: numbers, names, and both together."""

import tomllib
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shipments.carrier_reasons import reason_words
from shipments.carriers import CARRIERS
from shipments.matching import check_digits, numbers
from shipments.matching.match import AT_MOST, CERTAIN_ENOUGH, MOST_CANDIDATES, match
from shipments.matching.names import Says, read_name
from shipments.matching.number_words import WHATS

# Numbers that carriers and standards publish as examples.
PUBLISHED = [
    ("s10", "473124829"),  # UPU S10, the standard's own example: RB473124829
    ("s10", "573817394"),  # Swiss Post, barcode handbook
    ("gs1", "00340433836442636597"),  # DHL Paket
    ("gs1", "09133131530724"),  # Hermes
    ("gs1", "041441760228964"),  # FedEx Ground
    ("gs1", "9405803699300124287899"),  # USPS
    ("smartpost", "61299998820821171811"),
    ("usps_20", "03071790000523483741"),
    ("usps_20", "71969010756003077385"),
    ("gls", "366310000017"),
    ("identcode", "201298452277"),
    ("ups", "5R89390357567127"),
    ("ups", "8V92A70367203024"),
    ("fedex_express", "986578788855"),
    ("fedex_express", "00779017972697"),
    ("modulo_7", "3318810025"),
    ("modulo_37_36", "01015026003653C"),
    ("modulo_37_36", "008182709980000020045327276N"),
]


@pytest.mark.parametrize(("name", "number"), PUBLISHED)
def test_a_published_number_has_the_check_digit_it_should_have(name, number):
    assert check_digits.CHECKS[name](number)


@pytest.mark.parametrize(("name", "number"), PUBLISHED)
def test_another_check_digit_is_wrong(name, number):
    others = [d for d in "0123456789" if d != number[-1]]
    passing = [d for d in others if check_digits.CHECKS[name](number[:-1] + d)]

    # Newer USPS numbers leave out their first digits, so one more check digit may be right.
    assert passing == [] or (name == "usps_20" and len(passing) == 1)


def test_every_check_digit_rule_has_a_published_number():
    assert {name for name, _ in PUBLISHED} == set(check_digits.CHECKS)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_each_serial_of_s10_has_exactly_one_check_digit(serial):
    assert sum(check_digits.fits_s10(f"{serial}{check}") for check in range(10)) == 1


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z5R89390357567127", "ups"),
        ("1z 5r8 939 03 5756 7127", "ups"),
        ("00340433836442636597", "dhl"),
        ("RN573817394CH", "swisspost"),
        ("RB473124829GB", "royalmail"),
        ("RB473124829AT", "postat"),
        ("RB473124829DE", "depost"),
        ("CB473124829DE", "dhl"),
        ("RB473124829DK", "postnord"),
        ("99.60.123456.12345678", "swisspost"),
        ("4201002334249200190132607600833457", "usps"),
        ("9622001900000000000000776632517510", "fedex"),
        ("TBA502887274000", "amz"),
        ("329998745632147852365873", "bpost"),
        ("01015026003653C", "dpd"),
        ("0081 827 0998 0000 0200 33 350 276 C", "dpd"),
        ("JJFI12345678901234567", "posti"),
    ],
)
def test_a_number_of_its_own_form_is_enough(number, carrier):
    found = match(number)

    assert found.carrier_reference == carrier
    assert found.candidates[0].carrier_reference == carrier
    assert CERTAIN_ENOUGH <= found.confidence <= AT_MOST


@pytest.mark.parametrize(
    "number",
    [
        "1234567890",
        "12345678901",
        "986578788855",  # FedEx's check digit is right, by chance so are one in ten of all numbers
        "09133131530724",  # and Hermes's
        "3318810025",  # and DHL Express's
        "41012345678901",
        "1Z5R89390357567128",  # a wrong check digit
        "RN573817395CH",
        "RB473124829CN",  # a post that is not among ours
        "4006381333931",  # an EAN
        "#1001",
        "SO-2026-00123",
        "DE123456789",
        "",
        "-",
    ],
)
def test_what_may_be_anybodys_is_nobodys(number):
    found = match(number)

    assert (found.carrier_reference, found.confidence) == (None, 0)
    assert all(candidate.confidence < CERTAIN_ENOUGH for candidate in found.candidates)


@pytest.mark.parametrize(
    ("company", "carrier"),
    [
        ("DHL Paket", "dhl"),
        ("Deutsche Post DHL", "dhl"),
        ("Deutsche Post", "depost"),
        ("DHL Express Worldwide", "dhlexp"),
        ("UPS Standard", "ups"),
        ("ups®", "ups"),
        ("USPS", "usps"),
        ("dpd uk", "dpduk"),
        ("DPD-UK Next Day", "dpduk"),
        ("dpd_nl", "dpdn"),
        ("Hermse", "hrs"),
        ("Fedx", "fedex"),
        ("FEDERAL EXPRES", "fedex"),
        ("Österreichische Post AG", "postat"),
        ("Oesterreichische  Post", "postat"),
        ("Roayl Mail", "royalmail"),
        ("Postnrod", "postnord"),
        ("GLS Spain", "gls_es"),
        ("GO! Express & Logistics", "goexp"),
        ("SwissPost", "swisspost"),
        ("Kostenloser Versand mit GLS", "gls"),
    ],
)
def test_a_text_names_its_carrier(company, carrier):
    assert read_name(company).first == carrier


@pytest.mark.parametrize("company", ["", "Standard", "Versand", "Express Shipping", "  ", "Other"])
def test_generic_words_name_nobody(company):
    assert read_name(company).says is Says.NOTHING


@pytest.mark.parametrize("company", ["InPost", "Colissimo", "Mondial Relay", "TNT", "trans-o-flex"])
def test_carriers_that_are_not_ours_are_not_taken_for_one_of_ours(company):
    assert read_name(company).says is Says.ANOTHER


@pytest.mark.parametrize("company", ["Acme", "Spedition Huber", "USP", "DHP", "GPD"])
def test_a_slip_away_from_a_short_name_is_nobodys_name(company):
    assert read_name(company).says is Says.UNKNOWN


def test_a_text_with_two_names_decides_nothing():
    assert match("12345678", tracking_company="DHL / UPS").carrier_reference is None


@pytest.mark.parametrize("reference", CARRIERS)
def test_every_carrier_is_known_by_its_reference_and_its_name(reference):
    by_name = "dhl" if reference == "dhl_old" else reference  # “DHL” is DHL Paket nowadays

    assert read_name(reference).first == reference
    assert read_name(CARRIERS[reference].name).first == by_name


def test_the_text_decides_between_carriers_that_share_a_form():
    number = "09133131530724"

    found = [match(number, tracking_company=c).carrier_reference for c in ("", "Hermes", "DPD")]

    assert found == [None, "hrs", "dpd"]


def test_dhl_alone_is_paket_or_express_by_the_number():
    paket = match("00340433836442636597", tracking_company="DHL")
    express = match("3318810025", tracking_company="DHL")

    assert [paket.carrier_reference, express.carrier_reference] == ["dhl", "dhlexp"]


def test_the_destination_counts_where_a_form_is_only_used_there():
    number = "1000123456789012345678"

    home, away = match(number, country_code="at"), match(number, country_code="US")

    assert (home.carrier_reference, away.carrier_reference) == ("postat", None)
    assert "it goes to AT" in home.reason


def test_what_agrees_is_surer_than_either_alone():
    number, text = "01015026003653", "DPD"

    both = match(number, tracking_company=text).confidence
    alone = max(c.confidence for c in match(number).candidates)

    assert both > alone
    assert both > match("no number", tracking_company=text).confidence


def test_a_text_at_odds_with_the_number_costs_confidence_and_is_named():
    found = match("1Z5R89390357567127", tracking_company="DHL")

    assert found.carrier_reference == "ups"
    assert found.confidence < match("1Z5R89390357567127").confidence
    assert found.reason == (
        "UPS 1Z number with a correct check digit; although “DHL” says otherwise"
    )


def test_reasons_are_sentences_for_people():
    assert match("1Z5R89390357567127", tracking_company="UPS Standard").reason == (
        "UPS 1Z number with a correct check digit; “UPS Standard” says the same"
    )
    assert match("x", tracking_company="Rhenus").reason == (
        "“Rhenus” means Rhenus Home Delivery; the number has none of the forms that we know of it"
    )
    assert match("#1001").reason == "The number has no form that we know"
    assert "may be Hermes or DPD" in match("09133131530724").reason


@pytest.mark.parametrize(
    ("number", "company", "country", "german"),
    [
        ("1Z5R89390357567127", "", "", "UPS-1Z-Nummer, die Prüfziffer stimmt"),
        (
            "1Z5R89390357567127",
            "DHL; or UPS",
            "",
            "UPS-1Z-Nummer, die Prüfziffer stimmt; „DHL; or UPS“ kann UPS meinen",
        ),
        (
            "1Z5R89390357567128",
            "ups",
            "",
            "UPS-1Z-Nummer, aber mit falscher Prüfziffer; „ups“ meint UPS",
        ),
        (
            "1000123456789012345678",
            "",
            "AT",
            "22-stellige Nummer der Österreichischen Post, der Form nach; es geht nach AT",
        ),
        (
            "x",
            "Rhenus",
            "",
            "„Rhenus“ meint Rhenus Home Delivery; die Nummer hat keine seiner bekannten Formen",
        ),
        ("09133131530724", "", "", "Nicht sicher genug: es kann Hermes oder DPD sein"),
        (
            "#1001",
            "InPost",
            "",
            "Die Nummer hat keine Form, die wir kennen; „InPost“ ist keiner unserer Zusteller",
        ),
    ],
)
def test_reasons_are_said_in_the_language_of_the_reader(number, company, country, german):
    reason = match(number, tracking_company=company, country_code=country).reason

    with translation.override("de"):
        assert reason_words(reason) == german


def test_every_form_of_number_is_marked_for_translation():
    rules = tomllib.loads(Path(numbers.__file__).with_name("numbers.toml").read_text())["rule"]

    assert {rule["what"] for rule in rules} == set(WHATS)
    assert len(set(WHATS)) == len(WHATS)


def test_candidates_are_ranked_and_ties_have_one_order():
    found = match("366310000017", country_code="IT")
    confidences = [candidate.confidence for candidate in found.candidates]

    assert confidences == sorted(confidences, reverse=True)
    assert found == match("366310000017", country_code="IT")
    tied = match("zzz", tracking_company="Rhenus, GO! Express").candidates
    assert [c.carrier_reference for c in tied] == ["goexp", "rhe"]
    assert tied[0].confidence == tied[1].confidence


@given(
    st.text(max_size=60) | st.from_regex(r"[0-9A-Z]{1,36}", fullmatch=True),
    st.text(max_size=300) | st.sampled_from(["DHL", "UPS Standard", "dpd uk", "InPost"]),
    st.text(max_size=3) | st.sampled_from(["DE", "CH", "AT", "US", "IT"]),
)
def test_no_text_is_too_odd(number, company, country):
    found = match(number, tracking_company=company, country_code=country)

    assert len(found.candidates) <= MOST_CANDIDATES
    assert len(found.reason) <= 255
    assert reason_words(found.reason) == found.reason
    assert sum(candidate.confidence for candidate in found.candidates) <= 1.01
    if found.carrier_reference is None:
        assert found.confidence == 0
    else:
        assert found.carrier_reference in CARRIERS
        assert CERTAIN_ENOUGH <= found.confidence <= AT_MOST


@pytest.mark.parametrize(
    "odd", ["9" * 100_000, "\x00", "\ud800", "²³¹", "１２３４５６７８９０", "ß" * 40]
)
def test_absurd_texts_are_answered(odd):
    assert match(odd, tracking_company=odd, country_code=odd).carrier_reference is None
