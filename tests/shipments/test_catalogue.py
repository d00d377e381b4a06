"""The catalogue of events as data: whole, in every language, and what it says when asked."""

import io
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shipments.catalogue import texts
from shipments.catalogue.document import events_document
from shipments.catalogue.groups import GROUPS
from shipments.catalogue.meanings import MEANINGS, NAMES, meaning_of
from shipments.catalogue.texts import KINDS, LANGUAGES, event_strings, in_words, spoken
from shipments.facts import ATTACHED, DETACHED
from shipments.management.commands import describe_events
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase, PickupType

OUT, BACK = Direction.MERCHANT_CUSTOMER, Direction.CUSTOMER_MERCHANT
TEXTS = Path(__file__).parents[2] / "shipments" / "catalogue" / "texts"

PUBLIC_NAMES = {
    "ORDER_CREATED": Phase.ORDER_CREATED,
    "ORDER_IN_PROCESSING": Phase.ORDER_PROCESSED,
    "ORDER_CANCELLED": Phase.ORDER_PROCESSED,
    "DEPARTURE_FROM_TRANSPORT_HUB": Phase.IN_TRANSIT,
    "OUT_FOR_DELIVERY": Phase.IN_DELIVERY,
    "DELIVERY_ATTEMPTED": Phase.IN_DELIVERY,
    "SUCCESSFULLY_DELIVERED": Phase.DELIVERED,
    "RETURNED_TO_SENDER": Phase.RETURNED,
}

GROUPS_OF_THE_CONTRACT = {
    "shipment_pre_transit",
    "shipment_in_transit",
    "shipment_damaged",
    "shipment_carrier_delay",
    "shipment_out_for_delivery",
    "shipment_delivery_failed",
    "shipment_delivery_failed_forwarded_to_parcel_shop",
    "shipment_delivery_failed_address_issue",
    "shipment_delivery_second_attempt",
    "shipment_delivered",
    "shipment_delivered_to_neighbour",
    "shipment_delivered_to_letterbox",
    "shipment_delivered_to_parcel_shop",
    "shipment_delivered_to_parcel_locker",
    "shipment_picked_up",
    "shipment_failed_returned",
    "shipment_refused_then_returned",
    "shipment_not_picked_up_then_returned",
    "shipment_delayed_due_to_customer_request",
    "shipment_delivered_all_events",
    "shipment_internal_trigger",
    "shipment_carrier_changed",
    "shipment_order_cancelled",
    "return_shipment_created",
    "return_shipment_in_transit",
    "return_shipment_received",
    "return_shipment_failed",
    "return_shipment_delayed",
}

GENERAL_TROUBLE = {"DELIVERY_FAILED", "LAST_DELIVERY_ATTEMPT_FAILED", "RETURN_FAILED"}
"""Their phase's own headline says it."""


def texts_of(language):
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def test_it_has_many_names_over_all_phases_and_both_directions():
    assert len(NAMES) >= 80
    assert {meaning.phase for meaning in MEANINGS.values()} == set(Phase)
    assert {meaning.direction for meaning in MEANINGS.values()} == {OUT, BACK}
    assert {meaning.pickup for meaning in MEANINGS.values()} == {*PickupType, None}
    assert {meaning.flag for meaning in MEANINGS.values()} == set(Flag)


@pytest.mark.parametrize(("name", "phase"), PUBLIC_NAMES.items())
def test_the_public_names_have_their_phases(name, phase):
    assert meaning_of(name, OUT).phase == phase


def test_the_groups_are_those_of_the_contract_and_each_is_reached():
    reached = {group for m in MEANINGS.values() for group in (m.group, *m.also_groups)}

    assert set(GROUPS) == GROUPS_OF_THE_CONTRACT == reached


def test_every_name_means_something_both_ways():
    assert set(MEANINGS) == {(name, direction) for name in NAMES for direction in Direction}
    for (name, direction), meaning in MEANINGS.items():
        assert meaning.name == name
        assert (meaning.phase in RETURN_PHASES) == (meaning.direction == BACK), meaning
        if direction == BACK:
            assert meaning.direction == BACK


def test_a_name_depends_on_the_direction():
    out, back = (meaning_of("SUCCESSFULLY_DELIVERED", direction) for direction in (OUT, BACK))

    assert (out.phase, out.group) == (Phase.DELIVERED, "shipment_delivered")
    assert out.also_groups == ("shipment_delivered_all_events",)
    assert (back.phase, back.group) == (Phase.RETURN_RECEIVED, "return_shipment_received")
    assert back.also_groups == ()


def test_a_name_that_only_returns_have_means_a_return_whatever_the_direction_was():
    meanings = [meaning_of("RETURN_DROPPED_OFF", direction) for direction in (OUT, BACK)]

    assert meanings[0] == meanings[1]
    assert meanings[0].direction == BACK
    assert meanings[0].phase == Phase.RETURN_TRANSIT


def test_what_waits_or_was_left_somewhere_says_where():
    places = {
        "DELIVERED_TO_PARCEL_SHOP": PickupType.SHOP,
        "DELIVERED_TO_PARCEL_LOCKER": PickupType.LOCKER,
        "DELIVERED_TO_NEIGHBOUR": PickupType.NEIGHBOR,
        "DELIVERED_TO_LETTERBOX": PickupType.LETTERBOX,
        "OUT_FOR_DELIVERY": None,
    }

    assert {name: meaning_of(name, OUT).pickup for name in places} == places
    assert {meaning_of(name, BACK).pickup for name in places} == {None}


def test_all_delivered_stands_for_every_way_of_being_delivered_and_nothing_else():
    let_through = {
        meaning.name
        for meaning in MEANINGS.values()
        if "shipment_delivered_all_events" in meaning.also_groups
    }
    delivered = {m.name for m in MEANINGS.values() if m.phase == Phase.DELIVERED}

    assert delivered <= let_through
    assert {meaning_of(name, OUT).phase for name in let_through} == {Phase.DELIVERED, Phase.COLLECT}


@pytest.mark.parametrize(("name", "group"), [ATTACHED, DETACHED])
def test_what_the_platform_itself_tells_is_in_the_catalogue(name, group):
    assert meaning_of(name, OUT).group == group


def test_a_shops_own_name_is_not_in_the_catalogue():
    assert meaning_of("MY_OWN_EVENT", OUT) is None
    assert meaning_of("out_for_delivery", OUT) is None
    assert meaning_of("", BACK) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_names_are_called_the_same(language):
    labels = Counter(
        event_strings(name, meaning_of(name, OUT).phase, language)["list_label"] for name in NAMES
    )

    assert [label for label, count in labels.items() if count > 1] == []


def test_english_and_german_are_there():
    assert LANGUAGES["en"] == "English"
    assert LANGUAGES["de"] == "Deutsch"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_texts_for_every_phase_and_name(language):
    said = texts_of(language)

    assert set(said["phases"]) == set(Phase)
    assert set(said["names"]) == set(NAMES)
    assert set(said["back"]) <= set(NAMES)
    for phase in said["phases"].values():
        assert set(phase) == set(KINDS)
    for name, own in said["names"].items():
        assert {"event_status", "list_label", "header_subtitle"} <= set(own) <= set(KINDS), name
        if meaning_of(name, OUT).flag != Flag.NORMAL and name not in GENERAL_TROUBLE:
            assert set(own) == set(KINDS), f"{name} is no ordinary event of its phase"


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_short_and_calm(language):
    said = texts_of(language)
    for part in ("phases", "names", "back"):
        for name, own in said[part].items():
            for kind, text in own.items():
                is_sentence = kind in ("event_status", "header_subtitle")
                assert text, name
                assert text == " ".join(text.split()), name
                assert "!" not in text, name
                assert text.endswith(".") == is_sentence, (name, text)
                assert len(text) <= (130 if is_sentence else 55), (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("direction", Direction)
def test_every_name_has_all_its_texts_both_ways(language, direction):
    for name in NAMES:
        strings = event_strings(name, meaning_of(name, direction).phase, language)
        assert tuple(strings) == KINDS
        assert all(strings.values())


def test_texts_come_in_the_language_asked_for():
    english = event_strings("OUT_FOR_DELIVERY", Phase.IN_DELIVERY, "en")
    german = event_strings("OUT_FOR_DELIVERY", Phase.IN_DELIVERY, "de")

    assert english["list_label"] == "Out for delivery"
    assert german["list_label"] == "In Zustellung"
    assert german["header_subtitle"] == "Es soll heute ankommen."


def test_what_a_name_leaves_out_is_its_phases():
    strings = event_strings("OUT_FOR_DELIVERY", Phase.IN_DELIVERY, "de")

    assert strings["header_title"] == "Ihr Paket kommt bald an"
    assert "header_title" not in texts_of("de")["names"]["OUT_FOR_DELIVERY"]


def test_on_the_way_back_the_headers_speak_of_a_return():
    strings = event_strings("SUCCESSFULLY_DELIVERED", Phase.RETURN_RECEIVED, "en")

    assert strings["event_status"] == "The parcel was delivered."
    assert strings["header_title"] == "Your return has arrived"


def test_on_the_way_back_a_name_may_say_something_else():
    strings = event_strings("ORDER_CREATED", Phase.RETURN_CREATED, "de")

    assert strings["list_label"] == "Rücksendung angekündigt"
    assert strings["header_title"] == "Ihre Rücksendung ist angelegt"


def test_a_shops_own_name_speaks_for_itself():
    strings = event_strings("MY_OWN_EVENT", Phase.IN_TRANSIT, "de")

    assert strings == {
        "event_status": "My own event",
        "list_label": "My own event",
        "header_headline": "Unterwegs",
        "header_title": "My own event",
        "header_subtitle": "Der Zusteller befördert es Schritt für Schritt weiter.",
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GIFT_WRAPPED", "Gift wrapped"),
        ("giftWrapped", "GiftWrapped"),
        ("__GIFT__WRAPPED__", "Gift wrapped"),
        ("ÄRGER", "Ärger"),
        ("___", "___"),
        ("", ""),
    ],
)
def test_names_in_words(name, words):
    assert in_words(name) == words


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("de", "de"), ("DE_at", "de"), ("de-CH-1996", "de"), ("fr", "en"), ("", "en"), ("-", "en")],
)
def test_a_language_that_is_not_there_is_its_nearest_or_english(wanted, language):
    strings = event_strings("LOST", Phase.DELIVERY_FAILED, wanted)

    assert spoken(wanted) == language
    assert strings == event_strings("LOST", Phase.DELIVERY_FAILED, language)


def test_what_one_caller_does_to_the_texts_does_not_reach_the_next():
    event_strings("LOST", Phase.DELIVERY_FAILED, "en")["list_label"] = "changed"

    assert event_strings("LOST", Phase.DELIVERY_FAILED, "en")["list_label"] == "Lost"


def test_a_language_with_gaps_takes_the_phases_text_then_the_english_one(monkeypatch):
    some = {
        "phases": {"in_delivery": {"header_title": "Votre colis arrive bientôt"}},
        "names": {"OUT_FOR_DELIVERY": {"list_label": "En cours de livraison"}},
    }
    monkeypatch.setitem(texts._TEXTS, "fr-with-gaps", some)
    monkeypatch.setitem(LANGUAGES, "fr-with-gaps", "Français")

    assert event_strings("OUT_FOR_DELIVERY", Phase.IN_DELIVERY, "fr-with-gaps") == {
        "event_status": "The parcel is in the delivery vehicle.",
        "list_label": "En cours de livraison",
        "header_headline": "Out for delivery",
        "header_title": "Votre colis arrive bientôt",
        "header_subtitle": "It is due to arrive today.",
    }


def test_the_page_for_people_is_as_the_catalogue_has_it():
    call_command("describe_events", "--check")


def test_a_stale_page_is_noticed_and_written_anew(tmp_path, monkeypatch):
    page = tmp_path / "events.md"
    monkeypatch.setattr(describe_events, "EVENTS_DOCUMENT", page)

    with pytest.raises(CommandError, match="stale"):
        call_command("describe_events", "--check")
    call_command("describe_events", stdout=io.StringIO())
    call_command("describe_events", "--check")
    page.write_text(page.read_text(encoding="utf-8").replace("LOST", "FOUND"), encoding="utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("describe_events", "--check")


def test_the_page_names_every_event_and_group():
    document = events_document()

    assert [name for name in (*NAMES, *GROUPS) if f"`{name}`" not in document] == []
    assert (
        "| `SUCCESSFULLY_DELIVERED` | `shipment_delivered`, `shipment_delivered_all_events` "
        "| `return_received`: `return_shipment_received` |  | Delivered | Zugestellt |\n"
    ) in document
