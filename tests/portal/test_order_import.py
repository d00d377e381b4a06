import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from openpyxl import Workbook

from events.models import Event
from jobs.models import Job
from jobs.services import start_job
from jobs.work import work_off
from orders.models import Order
from portal.jobs.kinds import IMPORT_ORDERS, KINDS, READ_FILE
from portal.sheets.models import ImportedRow, OrderImport
from portal.sheets.read_file import ReadFile
from portal.sheets.services import KEPT_FOR, UNREAD_FOR, forget_old_imports, keep_file
from shops.models import Role
from tests.factories import make_member, make_shop, place
from tests.portal.sheets_pages import (
    fault_of,
    import_all,
    match,
    rows_to_mend,
    run,
    try_out,
    upload,
)

pytestmark = pytest.mark.django_db

FILE = """\
Bestellnummer;Bestelldatum;PLZ;Ort;Gesamtsumme;Artikelnummer;Artikel;Menge;Einzelpreis
A1;31.12.2026;10119;Berlin;1.029,90 €;S1;Tasse;2;14,95
A2;2026-12-30 14:30;20095;Hamburg;12,5;S3;Teller;1;12,50
A1;31.12.2026;10119;Berlin;1029,90;S2;Kanne;1;1.000,00
"""


@pytest.fixture
def shop():
    return make_shop(timezone="Europe/Berlin")


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR, email="editor@example.com"))
    return client


def order_of(shop, number):
    return Order.objects.of(shop).get(order_number=number)


def test_a_german_file_makes_orders_of_rows_that_stand_apart(shop, editor):
    said = import_all(editor, shop, FILE)

    assert said == {"A1": ("done", "Created"), "A2": ("done", "Created")}
    order = order_of(shop, "A1")
    assert order.order_placed_at == datetime(2026, 12, 30, 23, tzinfo=UTC)
    assert order.total_order_price == Decimal("1029.90")
    assert order.address == {"zip_code": "10119", "city": "Berlin"}
    assert list(
        order.lines.order_by("position").values_list("sku", "title", "quantity", "price")
    ) == [
        ("S1", "Tasse", 2, Decimal("14.95")),
        ("S2", "Kanne", 1, Decimal(1000)),
    ]
    assert order_of(shop, "A2").order_placed_at == datetime(2026, 12, 30, 13, 30, tzinfo=UTC)
    assert set(Event.objects.of(shop).values_list("actor", flat=True)) == {"editor@example.com"}
    edits = LogEntry.objects.get_for_objects(Order.objects.of(shop))
    assert [edit.get_action_display() for edit in edits] == ["create", "create"]
    assert {edit.actor.email for edit in edits} == {"editor@example.com"}
    job = Job.objects.get(kind=IMPORT_ORDERS)
    assert {edit.additional_data["job"] for edit in edits} == {str(job.id)}


def test_a_trial_writes_nothing(shop, editor):
    kept = place(shop, order_number="A1", total_order_price=1)
    before = Event.objects.count()

    said = try_out(editor, shop, FILE)

    assert said["A2"] == ("done", "Created")
    assert said["A1"][0] == "done"
    assert said["A1"][1].endswith("Total: 1 → 1029.9; product 2 (new); product 3 (new)")
    assert Order.objects.of(shop).get() == kept
    assert order_of(shop, "A1").updated_at == kept.updated_at
    assert Event.objects.count() == before


def test_the_same_import_twice_is_unchanged_the_second_time(shop, editor):
    import_all(editor, shop, FILE)
    before = Event.objects.count()

    said = import_all(editor, shop, FILE)

    assert said == {"A1": ("skipped", "Unchanged"), "A2": ("skipped", "Unchanged")}
    assert Event.objects.count() == before


def test_only_the_columns_of_the_file_are_touched_and_empty_cells_leave_what_was(shop, editor):
    order = place(shop, order_number="A1")
    lines = list(order.lines.values())

    said = import_all(editor, shop, "Bestellnummer,City,E-Mail\nA1,Hamburg,\n")

    edited = order_of(shop, "A1")
    assert said == {"A1": ("done", "Updated: City: Berlin → Hamburg")}
    assert edited.address == {**order.address, "city": "Hamburg"}
    assert edited.email_id == order.email_id
    assert list(edited.lines.values()) == lines
    assert Event.objects.of(shop).latest("created_at").event_data["changed"] == ["address"]


def test_products_are_added_and_changed_and_none_is_taken_away(shop, editor):
    place(shop, order_number="A1", products=[{"sku": "S1", "title": "Cup"}, {"sku": "S2"}])

    import_all(editor, shop, "order_number,sku,quantity\nA1,S3,1\nA1,S2,5\n")

    lines = order_of(shop, "A1").lines.order_by("position")
    assert list(lines.values_list("sku", "title", "quantity")) == [
        ("S1", "Cup", 1),
        ("S2", "", 5),
        ("S3", "", 1),
    ]


def test_what_is_wrong_is_said_of_each_row_and_the_others_are_imported(shop, editor):
    content = (
        "order_number,city,zip_code,total,placed,sku\n"
        "A1,Berlin,10119,12.50,2026-12-31,S1\n"
        "A2,Berlin,10119,much,31.12.2026,S1\n"
        "A2,Berlin,10119,1,31.12.2026,S2\n"
        "A3,Berlin,,1,31.12.2026,S1\n"
        ",Berlin,10119,1,31.12.2026,S1\n"
        "A4,Berlin,10119,1,12/31/2026,S1\n"
        "A5,Berlin,10119,1,2026-12-31,S1\n"
        "A5,Hamburg,10119,1,2026-12-31,S1\n"
        'A6,Berlin,10119,"1,234",2026-12-31,S1\n'
        "A7,Berlin,10119,1,0001-01-01,S1\n"
        "A8,Berlin,,much,2026-12-31,S1\n"
        "A9,Berlin,10119,much,2026-12-31,S1\n"
        "A9,Berlin,10119,1,soon,S1\n"
    )

    said = import_all(editor, shop, content)

    assert {number: outcome for number, (outcome, _) in said.items()} == {
        "A1": "done",
        **dict.fromkeys(["A2", "A3", "Row 6", "A4", "A5", "A6", "A7", "A8", "A9"], "failed"),
    }
    assert "Row 3: Total: “much” is not a number" in said["A2"][1]
    assert "ZIP code: must be given" in said["A3"][1]
    assert said["Row 6"][1] == "The order number is missing."
    assert "“12/31/2026” is not a date" in said["A4"][1]
    assert "different things under “City”" in said["A5"][1]
    assert "the year must lie between 1900 and 2200" in said["A7"][1]
    assert "without thousands" in said["A6"][1]
    assert "“much” is not a number" in said["A8"][1]
    assert "ZIP code: must be given" in said["A8"][1]  # both at once
    assert said["A9"][1].startswith("Row 13: Total: “much”")
    assert "Row 14: Placed: “soon” is not a date" in said["A9"][1]
    assert Order.objects.of(shop).count() == 1


def test_the_bad_rows_are_mended_and_uploaded_again(shop, editor):
    content = "order_number,zip_code,title,total\nA1,10119,'=Cup,1\nA2,10119,'=Cup,much\n"
    import_all(editor, shop, content)

    file = rows_to_mend(editor, shop)
    import_all(editor, shop, file.replace("much", "2"))

    assert file.splitlines()[0] == "order_number,zip_code,title,total,reason"
    assert len(file.splitlines()) == 2
    mended = order_of(shop, "A2")
    assert mended.total_order_price == 2
    assert mended.lines.get().title == "=Cup"


def test_a_refusal_of_the_orders_own_rules_is_the_rows_refusal(shop, editor):
    place(shop, order_number="A1", external_id="E1")

    said = import_all(editor, shop, "order_number,external_id,zip_code\nA2,E1,10119\nA3,E3,10119\n")

    assert said["A2"] == ("failed", "External id E1 is taken by another order of this shop.")
    assert said["A3"] == ("done", "Created")


def test_other_shops_orders_are_out_of_reach(shop, editor):
    foreign = place(make_shop(), order_number="A1")

    import_all(editor, shop, "order_number,zip_code\nA1,99999\n")

    assert order_of(shop, "A1").address == {"zip_code": "99999"}
    assert Order.objects.get(id=foreign.id).address == foreign.address


def test_columns_are_matched_by_a_person_where_the_headings_say_nothing(shop, editor):
    upload(editor, shop, "x,y\nA1,10119\n")

    refused = match(editor, shop)
    twice = match(editor, shop, x="order_number", y="order_number")
    answer = match(editor, shop, x="order_number", y="zip_code")

    assert "which column has the order numbers" in refused.content.decode()
    assert "more than one column: Order number" in twice.content.decode()
    assert answer.headers["Location"].startswith(f"/shops/{shop.slug}/jobs/")


def test_nothing_is_imported_that_was_not_tried(shop, editor):
    upload(editor, shop, "order_number,zip_code\nA1,10119\n")
    kept = OrderImport.objects.get()

    answer = editor.post(f"/shops/{shop.slug}/orders/import/{kept.id}/run", follow=True)

    assert "Try it first" in answer.content.decode()
    assert set(Job.objects.values_list("kind", flat=True)) == {"read_file"}


def test_a_trial_imports_what_it_showed_and_once(shop, editor):
    upload(editor, shop, "order_number,zip_code,Name,Ort\nA1,10119,Ada,Berlin\n")
    page = f"/shops/{shop.slug}/orders/import/{OrderImport.objects.get().id}/run"
    jobs = []
    for columns in ({"Name": "name", "Ort": "city"}, {"Name": "city", "Ort": "name"}):
        match(editor, shop, **columns)
        work_off(KINDS, seconds=60)
        jobs.append(Job.objects.latest("created_at").id)

    other = editor.post(page, {"tried": jobs[0]}, follow=True)
    first, second = (editor.post(page, {"tried": jobs[1]}) for _ in range(2))

    assert "the file was tried again meanwhile" in other.content.decode()
    assert first.headers["Location"] == second.headers["Location"]
    assert Job.objects.filter(kind=IMPORT_ORDERS).count() == 1
    work_off(KINDS, seconds=60)
    assert order_of(shop, "A1").address["city"] == "Ada"


def test_a_workbook_is_read_with_its_dates_and_numbers(shop, editor):
    workbook = Workbook()
    workbook.active.append(["Order number", "Order date", "Zip", "Total", "SKU", "Qty", "Price"])
    workbook.active.append([1001, datetime(2026, 12, 31, 14, 30), 10119, 29.9, 7, 2, 1.234])  # noqa: DTZ001
    file = io.BytesIO()
    workbook.save(file)

    said = import_all(editor, shop, file.getvalue(), "orders.xlsx")

    assert said == {"1001": ("done", "Created")}
    order = order_of(shop, "1001")
    assert order.order_placed_at == datetime(2026, 12, 31, 13, 30, tzinfo=UTC)
    assert order.total_order_price == Decimal("29.9")
    assert order.address["zip_code"] == "10119"
    assert order.lines.values_list("sku", "quantity", "price").get() == ("7", 2, Decimal("1.234"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_usual_dialect_is_read(shop, editor, encoding, delimiter):
    content = "order_number;zip_code;city\nA1;10119;Köln\n".replace(";", delimiter)

    import_all(editor, shop, content.encode(encoding))

    assert order_of(shop, "A1").address["city"] == "Köln"


def test_more_orders_than_a_batch_are_imported_in_the_order_of_the_file(shop, editor):
    rows = [f"A{number},10119" for number in range(230)]

    said = import_all(editor, shop, "\n".join(["order_number,zip_code", *rows]))

    assert list(said) == [f"A{number}" for number in range(230)]
    assert Order.objects.of(shop).count() == 230


def test_a_batch_costs_the_same_however_many_orders_it_has(
    shop, editor, django_assert_max_num_queries
):
    rows = [f"A{number},10119,S{number % 3}" for number in range(100)]
    upload(editor, shop, "\n".join(["order_number,zip_code,sku", *rows]))
    match(editor, shop)

    with django_assert_max_num_queries(40):
        work_off(KINDS, seconds=60)


def test_the_page_of_a_trial_leads_to_the_import(shop, editor):
    try_out(editor, shop, FILE)
    page = f"/shops/{shop.slug}/jobs/{Job.objects.get(kind='try_import').id}"

    trial = editor.get(page).content.decode()
    run(editor, shop)
    after = editor.get(page).content.decode()

    assert "Import it now" in trial
    assert "nothing was written" in trial
    assert "Import it now" not in after


def test_a_cancelled_order_is_refused_only_where_it_would_change(shop, editor):
    order = place(shop, order_number="A1")
    editor.post(f"/shops/{shop.slug}/orders/{order.id}/cancel")

    same = import_all(editor, shop, f"order_number,city\nA1,{order.address['city']}\n")
    other = import_all(editor, shop, "order_number,city\nA1,Hamburg\n")

    assert same["A1"] == ("skipped", "Unchanged")
    assert other["A1"][0] == "failed"


def test_uploaded_rows_are_forgotten_with_the_import(shop, editor):
    upload(editor, shop, FILE)
    OrderImport.objects.update(created_at=datetime.now(UTC) - KEPT_FOR - timedelta(days=1))

    assert forget_old_imports() == 1
    assert not ImportedRow.objects.exists()


class AnotherWorkerEachTime:
    """Reads files, and has none open."""

    def count(self, job):
        return ReadFile().count(job)

    def work(self, job, place):
        return ReadFile().work(job, place)


@pytest.mark.parametrize("kind", [ReadFile, AnotherWorkerEachTime])
def test_a_long_file_is_read_piece_by_piece_whichever_worker_goes_on(
    shop, editor, monkeypatch, kind
):
    monkeypatch.setattr("portal.sheets.read_file.AT_ONCE", 2)
    kept = keep_file(shop, io.BytesIO(b"order_number\n1\n\n2\n3\n4"), name="a.csv", size=1)
    job = start_job(shop, kind=READ_FILE, asked={"import": str(kept.id)})
    page = f"/shops/{shop.slug}/jobs/{job.id}"

    too_early = editor.get(f"/shops/{shop.slug}/orders/import/{kept.id}", follow=True)
    work_off({READ_FILE: kind()}, seconds=20)
    seen = editor.get(page, headers={"HX-Request": "true", "HX-Target": "job"})

    job.refresh_from_db()
    kept.refresh_from_db()
    rows = ImportedRow.objects.of(shop).order_by("number")
    assert "not read to its end yet" in too_early.content.decode()
    assert [(row.number, *row.cells) for row in rows] == [(2, "1"), (4, "2"), (5, "3"), (6, "4")]
    assert (job.state, job.done, job.total, kept.total, kept.content) == ("done", 4, 4, 4, None)
    assert seen.headers["HX-Redirect"] == f"/shops/{shop.slug}/orders/import/{kept.id}"


def test_a_file_that_is_refused_late_leaves_nothing(shop, editor, monkeypatch):
    monkeypatch.setattr("portal.sheets.read_file.AT_ONCE", 2)

    answer = upload(editor, shop, "order_number\n1\n2\n3\n" + "," * 300 + "4\n")

    assert fault_of(answer) == "Line 5 has more than 200 columns."
    assert not OrderImport.objects.exists()
    assert not ImportedRow.objects.exists()
    assert "1 of 1" in answer.content.decode()


def test_a_file_that_was_never_read_is_forgotten_after_a_day(shop):
    keep_file(shop, io.BytesIO(b"a"), name="a.csv", size=1)
    OrderImport.objects.update(created_at=datetime.now(UTC) - UNREAD_FOR - timedelta(hours=1))

    assert forget_old_imports() == 1
