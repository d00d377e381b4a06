import re

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from claims.models import ClaimRule
from engagement.models import PageDesign
from karla_portal.audited import AUDITED_MODELS
from portal.people.adapters import SECOND_FACTORS
from portal.people.edit_fields import FIELDS
from portal.people.edit_words import FACTORS, KINDS, UNREADABLE, record_words
from shipments.models import Shipment
from shops.models import Invitation, Membership, Role, Shop
from tests.admin.pages import act
from tests.factories import make_member, make_shop, place
from tests.portal.edits import exported
from tests.portal.pages import inputs_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def admin(shop, client):
    client.force_login(make_member(shop, email="boss@example.com"))
    return client


def promote(client, shop, email="new@example.com"):
    """An edit by whoever is logged in: somebody becomes an editor."""
    user = make_member(shop, Role.VIEWER, email=email)
    membership = Membership.objects.get(user=user, shop=shop)
    client.post(f"/shops/{shop.slug}/members/{membership.id}/role", {"role": "editor"})


def test_an_edit_says_who_what_before_and_after(shop, admin):
    promote(admin, shop)

    page = admin.get(f"/shops/{shop.slug}/audit").content.decode()

    assert "boss@example.com" in page
    assert "<del>Viewer</del> → Editor" in page
    german = admin.get(f"/shops/{shop.slug}/audit", headers={"Accept-Language": "de"})
    assert "geändert" in text_of(german)


def test_what_is_kept_in_english_is_said_in_the_language_of_the_reader(shop, admin):
    order = place(shop)
    said = {"tracking_number": "1Z5R89390357567127"}
    admin.post(f"/shops/{shop.slug}/orders/{order.id}/tracking", said)

    german = admin.get(f"/shops/{shop.slug}/audit", headers={"Accept-Language": "de"})

    assert "Warum dieser Zusteller UPS-1Z-Nummer, die Prüfziffer stimmt" in text_of(german)


@pytest.mark.parametrize(
    ("kind", "record", "words"),
    [
        ("shipment", Shipment(position=1), "Erwartetes Paket 2"),
        ("shipment", Shipment(tracking_number="9 to 5"), "9 to 5"),
        ("invitation", Invitation(email="a@example.com", shop=Shop(name="One")), "a@example.com"),
        ("claim rule", ClaimRule(name="Left to us"), "Left to us"),
        ("page design", PageDesign(), ""),
    ],
)
def test_records_are_called_without_words_of_ours_in_english(kind, record, words):
    with translation.override("de"):
        assert record_words(kind, str(record)) == words


def test_every_record_and_field_of_a_shops_audit_has_words():
    wordless = set()
    for said in AUDITED_MODELS:
        entry = said if isinstance(said, dict) else {"model": said}
        meta = apps.get_model(entry["model"])._meta
        if hasattr(meta.model, "get_additional_data"):
            fields = entry.get("include_fields") or {field.name for field in meta.concrete_fields}
            wordless |= {str(meta.verbose_name)} - KINDS.keys()
            wordless |= {*fields} - {*entry.get("exclude_fields", ())} - UNREADABLE - FIELDS.keys()

    assert not wordless


def test_every_second_factor_has_words():
    assert {said for change in SECOND_FACTORS.values() for said in change if said} == set(FACTORS)


def test_times_are_said_in_the_shops_zone_and_with_their_zone_in_the_file(admin, shop):
    order = place(shop)
    admin.post(
        f"/shops/{shop.slug}/orders/{order.id}/tracking", {"tracking_number": "1Z5338FF0107231059"}
    )

    page = text_of(admin.get(f"/shops/{shop.slug}/audit"))

    assert re.search(r"In this phase since \w{3} \d+ \w{3} \d{4}, \d\d:\d\d CES?T", page)
    rows = exported(admin, shop)
    since = [row["after"] for row in rows if row["field"] == "In this phase since"]
    assert since
    assert all(value.endswith("+00:00") for value in since)


def test_amounts_are_said_as_the_reader_writes_them(admin, shop):
    order = place(shop, total_order_price="88.9", products=[{"title": "Cup", "weight": "12.5"}])
    editing = f"/shops/{shop.slug}/orders/{order.id}/edit"
    said = {**inputs_of(admin.get(editing)), "currency": "EUR"}

    admin.post(editing, {**said, "total_order_price": "1240", "lines-0-DELETE": "on"})

    german = admin.get(f"/shops/{shop.slug}/audit", headers={"Accept-Language": "de"})
    assert "Summe 88,90 → 1.240,00" in text_of(german)
    assert "Gewicht in Gramm 12,5 → –" in text_of(german)
    [row] = [row for row in exported(admin, shop) if row["field"] == "Total"]
    assert (row["before"], row["after"]) == ("88.9000", "1240.0000")


def test_records_that_lead_to_one_are_no_fields_of_it(admin, shop):
    admin.post(f"/shops/{shop.slug}/webhooks/new", {"url": "inbox:"})

    rows = exported(admin, shop)

    assert "Webhook" in {row["kind"] for row in rows}
    assert not [row for row in rows if row["after"].endswith(".None")]


def test_the_back_offices_edits_of_the_shops_orders_are_there(shop, admin):
    staff = Client()
    staff.force_login(make_member(make_shop(), is_staff=True, is_superuser=True))
    order = place(shop)
    act(staff, [order], "cancel")

    page = admin.get(f"/shops/{shop.slug}/audit").content.decode()

    assert order.order_number in page


def test_other_shops_edits_are_not_there(shop, admin):
    other = make_shop()
    theirs = Client()
    theirs.force_login(make_member(other, email="rival@example.com"))
    promote(theirs, other, email="secret@example.com")

    page = admin.get(f"/shops/{shop.slug}/audit").content.decode()

    assert "rival@example.com" not in page
    assert exported(admin, shop) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"person": "BOSS@"}, 1),
        ({"person": "nobody@"}, 0),
        ({"since": "2001-01-01", "until": "2001-01-02"}, 0),
        ({"since": "0001-01-01", "until": "9999-12-31"}, 1),
        ({"since": "2001-01-01"}, 1),
        ({"since": "yesterday"}, 0),
        ({"kind": "0"}, 0),
        ({"before": "x"}, 0),
    ],
)
def test_filters_find_what_they_say_and_nonsense_nothing(shop, admin, filters, found):
    promote(admin, shop)

    assert len(exported(admin, shop, **filters)) == found
    assert admin.get(f"/shops/{shop.slug}/audit", filters).status_code == 200


def test_pages_follow_each_other_without_gaps(shop, admin):
    for number in range(33):
        promote(admin, shop, email=f"person{number}@example.org")

    first = admin.get(f"/shops/{shop.slug}/audit")
    second = admin.get(f"/shops/{shop.slug}/audit", {"before": first.context["older"]})

    shown = [edit.entry.id for page in (first, second) for edit in page.context["edits"]]
    assert len(shown) == len(set(shown)) == 33
    assert len(exported(admin, shop)) == 33


def test_a_page_costs_the_same_with_2_edits_as_with_30(shop, admin):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin.get(f"/shops/{shop.slug}/audit")
        return len(queries)

    for number in range(2):
        promote(admin, shop, email=f"a{number}@example.org")
    few = cost()
    for number in range(28):
        promote(admin, shop, email=f"b{number}@example.org")

    assert cost() == few


def test_no_cell_is_taken_for_a_formula(shop, admin):
    promote(admin, shop, email="=cmd@example.org")

    assert exported(admin, shop)[0]["record"].startswith("'=cmd")


def test_the_file_speaks_the_language_of_who_asks(shop, admin):
    promote(admin, shop)

    answer = admin.get(f"/shops/{shop.slug}/audit.csv", headers={"Accept-Language": "de"})

    assert "geändert" in b"".join(answer.streaming_content).decode()
