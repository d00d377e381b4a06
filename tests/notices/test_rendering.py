"""What a text becomes: safe in its place, and whole in every language."""

import re
from html.parser import HTMLParser

import pytest

from notices.groups import NOTICE_GROUPS, groups_of
from notices.models import Audience, Mail
from notices.placeholders import placeholders_for
from notices.preview import render_preview
from notices.rendering import Frame, render_mail
from notices.template import fault_of, filled, in_words
from notices.texts import WORDINGS, Text, customers_language, wording
from notices.values import material_of, values_of
from shipments.catalogue.groups import GROUPS as SHIPMENT_GROUPS
from shops.models import Shop
from tests.factories import make_shop
from tests.notices.telling import ADDRESS, parcel, report
from webhooks.subscriptions import GROUPS as SUBSCRIBED_GROUPS

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def render(shop: Shop, subject: str, body: str, **values: str):
    frame = Frame(shop=shop, wording=wording("en"), unsubscribe_url="https://x.example/u")
    return render_mail(subject, body, values, frame, button="See where it is")


def test_every_group_that_webhooks_know_can_be_told_to_people():
    assert set(NOTICE_GROUPS) == set(SUBSCRIBED_GROUPS)
    assert set(SHIPMENT_GROUPS) <= set(NOTICE_GROUPS)


@pytest.mark.parametrize("language", WORDINGS)
@pytest.mark.parametrize("group", NOTICE_GROUPS)
def test_every_built_in_text_is_whole(shop, language, group):
    for audience in NOTICE_GROUPS[group].audiences:
        text = WORDINGS[language].texts[audience, group]
        said = render_preview(shop, text, audience=audience, group=group, language=language)
        assert said.subject
        assert not re.search(r"[{}]", said.subject + said.text)
        assert "None" not in said.text
        assert said.html.count("<p ") >= 2


def test_languages_have_words_for_the_same_things():
    english = WORDINGS["en"]
    for words in WORDINGS.values():
        for part in ("frame", "events", "claim_reasons", "claim_statuses", "texts"):
            assert getattr(words, part).keys() == getattr(english, part).keys()


def test_values_are_put_in_once_and_never_read_again(shop):
    said = render(
        shop, "{first_name}", "{first_name} {{first_name}}", first_name="{order_number} {{ x }}"
    )

    assert said.subject == "{order_number} {{ x }}"
    assert said.text.startswith("{order_number} {{ x }} {first_name}")


def test_html_of_texts_and_values_is_text(shop):
    said = render(
        shop, "<b>", "<b>{first_name}</b>\n\n{{% load x %}}", first_name="<img src=x onerror=y>&"
    )

    tags = TagReader()
    tags.feed(said.html)
    assert not {"b", "img", "script"} & tags.names
    assert "&lt;img src=x onerror=y&gt;&amp;" in said.html
    assert "{% load x %}" in said.html


def test_only_placeholders_that_are_links_become_links(shop):
    said = render(
        shop,
        "x",
        "{first_name} https://shop.example/returns {carrier_link}\n\n{tracking_page}",
        first_name="https://evil.example",
        carrier_link="https://carrier.example/?a=1&b=2",
        tracking_page='https://x.example/t/"><script>',
    )

    links = re.findall(r'href="([^"]*)"', said.html)
    assert links == [
        "https://shop.example/returns",
        "https://carrier.example/?a=1&amp;b=2",
        "https://x.example/t/&quot;&gt;&lt;script&gt;",
        "https://x.example/u",
    ]
    assert "See where it is" in said.html


@pytest.mark.parametrize("odd", ["a\r\nBcc: b@x.example", "a\x0bb", "a\u202eb", "a\x00b", "a\tb"])
def test_a_subject_is_one_printable_line(shop, odd):
    subject = render(shop, "x {first_name}", "y", first_name=odd).subject

    assert len(subject.splitlines()) == 1
    assert subject.isprintable()


def test_a_line_whose_placeholders_say_nothing_is_left_out():
    template = "Hello\nCarrier: {carrier}\n{carrier} {number}\n\nAt {place}\nEnd"

    lines = [in_words(line) for line in filled(template, {"number": "7"})]

    assert lines == ["Hello", " 7", "", "End"]


def test_doubled_braces_are_braces():
    assert fault_of("{{}} {{x}}", set()) is None
    assert in_words(filled("{{}} {{x}}", {})[0]) == "{} {x}"


def test_placeholders_are_those_of_the_events_and_the_people():
    assert "claim_status" in placeholders_for("claim_created", Audience.CUSTOMERS)
    assert "claim_status" not in placeholders_for("shipment_delivered", Audience.CUSTOMERS)
    assert "order_page" not in placeholders_for("order_placed", Audience.CUSTOMERS)
    assert "order_page" in placeholders_for("order_placed", Audience.STAFF)


@pytest.mark.parametrize(
    ("country", "language", "spoken"),
    [
        ("DE", "en", "de"),
        ("at", "en", "de"),
        ("US", "de", "en"),
        ("CH", "de", "de"),
        ("FR", "de", "de"),
        ("", "de", "de"),
        ("XX", "en", "en"),
        ("../", "en", "en"),
    ],
)
def test_the_language_is_the_customers_where_there_are_texts_in_it(country, language, spoken):
    assert customers_language(country, language) == spoken


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Ada Lovelace", "Hello Ada"),
        ("Ada", "Hello Ada"),
        ("Ada Maria van Dyk", "Hello Ada Maria van"),
        ("", "Hello"),
        (None, "Hello"),
        ("Win now at https://evil.example", "Hello"),
        ("www.evil.example wins", "Hello"),
        ("evil.com", "Hello"),
        ("a@b", "Hello"),
        ("x" * 101, "Hello"),
        ("J. R. Ewing", "Hello J. R."),
    ],
)
def test_people_are_greeted_by_name_and_advertisements_are_not(shop, name, greeting):
    shipment = parcel(shop, address={**ADDRESS, "name": name})

    assert values(shop, shipment)["greeting"] == greeting


def test_links_of_a_parcel_lead_to_the_web_only(shop):
    shipment = parcel(shop)
    type(shipment).objects.update(tracking_url="javascript:alert(1)")
    shipment.refresh_from_db()

    assert values(shop, shipment)["carrier_link"] == ""


def test_what_is_known_of_a_parcel_is_said(shop):
    shipment = parcel(shop)
    report(shipment)
    said = values(shop, shipment)

    assert said["tracking_number"] == "00340434161094042557"
    assert said["products"] == "1 × Product A"
    assert said["carrier"]
    text = WORDINGS["en"].texts[Audience.CUSTOMERS, "shipment_out_for_delivery"]
    assert said["order_number"] in render(shop, text.subject, text.body, **said).text


def test_the_groups_of_an_event_are_its_own_and_then_more_general_ones():
    ref = "shipments/delivered/SUCCESSFULLY_DELIVERED"
    assert groups_of(ref, "shipment_delivered") == (
        "shipment_delivered",
        "shipment_delivered_all_events",
    )
    assert groups_of("shipments/delivered/MY_OWN", "shipment_delivered") == ()
    assert groups_of("orders/placed", "order_placed") == ("order_placed",)


def test_a_text_that_was_saved_is_a_text(shop):
    text = Text(subject="{order_number}", body="{greeting}")
    said = render_preview(
        shop, text, audience=Audience.CUSTOMERS, group="shipment_delivered", language="de"
    )

    assert said.subject == "1001"
    assert "Hallo Ada" in said.text


def values(shop, shipment):
    mail = Mail(shop=shop, order_id=shipment.order_id, shipment_id=shipment.id)
    material = material_of(shop, [mail])[mail.id]
    return values_of(shop, "shipment_out_for_delivery", material, wording("en"))


class TagReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)
