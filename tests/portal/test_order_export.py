"""Export, edit, import: only what was edited changes."""

import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.forms.models import model_to_dict
from openpyxl import Workbook

from events.models import Event
from jobs.models import Job
from orders.models import Order
from orders.states import OrderState
from portal.sheets import export as exporting
from portal.sheets.columns import COLUMNS, VALUES, Kind, Part
from portal.sheets.rows import BATCH, HEAD
from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.edits import exported
from tests.portal.pages import member_client, text_of
from tests.portal.sheets_pages import as_csv, export, export_workbook, import_all, run, try_out

pytestmark = pytest.mark.django_db

NASTY = [
    "=1+1",
    "'=1+1",
    "''-x",
    "+49 123",
    "@home",
    "-5",
    "a;b",
    'say "so", twice',
    "two\nlines",
    "two\r\nlines",
    "Köln\u00a0📦",
    "_x000D_",
    "ctrl\x0bl",
    "007",
    "1e5",
    "TRUE",
    "back\\slash;",
    "'",
    "’tis",
]


@pytest.fixture
def shop():
    return make_shop(timezone="Europe/Berlin")


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR))
    return client


def place_varied(shop, seed, count=12):
    """Orders with all that may be in them, the same for the same seed."""
    draw = random.Random(seed)

    def text():
        return draw.choice([*NASTY, f"text {draw.randrange(1000)}"])

    def amount():
        return draw.choice([None, 0, 1, "0.1", "1.234", "-3.5", "1029.9", "123456789012.3456"])

    for number in range(count):
        place(
            shop,
            order_number=f"{draw.choice(['', '=', '00', '-'])}{number}",
            external_id=f"external {number}",
            order_name=text(),
            order_placed_at=(
                datetime(2026, 10, 25, 0, 30, 1, 123456, tzinfo=UTC)
                + timedelta(minutes=30 * number)
            ).isoformat(),
            segments=draw.sample(NASTY, draw.randrange(4)),
            total_order_price=amount(),
            weight=amount(),
            email_id=draw.choice(["", "jane@example.com"]),
            address={"zip_code": text(), "city": text(), "phone": text(), "name": text()},
            products=[
                {"sku": text(), "title": text(), "price": amount(), "quantity": draw.randrange(9)}
                for _ in range(draw.randrange(4))
            ],
        )


def stored(shop):
    """Every column of the shop's orders and lines, by the order's number."""
    return {
        order.order_number: (
            {
                **model_to_dict(order),
                "updated_at": order.updated_at,
                "placed": order.order_placed_at,
            },
            list(order.lines.order_by("position").values()),
        )
        for order in Order.objects.of(shop)
    }


def test_exactly_the_filtered_orders_are_exported_one_row_for_each_line(shop, editor):
    place(shop, order_number="A1", products=[{"sku": "S1"}, {"sku": "S2"}])
    fulfil(shop, place(shop, order_number="A2", products=[]), "T1")
    place(make_shop(), order_number="A3")

    rows = export(editor, shop)
    placed = export(editor, shop, "?state=placed")

    assert [(row["order_number"], row["line"], row["sku"]) for row in rows] == [
        ("A2", "", ""),
        ("A1", "1", "S1"),
        ("A1", "2", "S2"),
    ]
    assert {row["order_number"] for row in placed} == {"A1"}
    assert rows[0]["state"] == OrderState.FULFILLED
    assert tuple(rows[0]) == HEAD


def test_what_would_be_a_formula_begins_with_an_apostrophe(shop, editor):
    place(shop, order_number="A1", order_name="=cmd()", address={"zip_code": "1", "phone": "+49"})

    [row] = export(editor, shop)
    sheet = export_workbook(editor, shop)

    assert (row["order_name"], row["phone"]) == ("'=cmd()", "'+49")
    assert sheet[1][HEAD.index("order_name")] == "'=cmd()"


def test_an_export_of_many_reads_batch_by_batch(shop, editor, django_assert_num_queries):
    for number in range(4):
        place(shop, order_number=f"A{number}")
    orders = Order.objects.of(shop)

    with django_assert_num_queries(2):
        lines = list(exporting.csv_lines(shop, orders))

    assert BATCH > 4
    assert len(lines) == 2


def test_batches_leave_no_order_out(shop, editor, monkeypatch):
    monkeypatch.setattr("portal.sheets.rows.BATCH", 2)
    for number in range(5):
        place(shop, order_number=f"A{number}")

    rows = export(editor, shop)

    assert [row["order_number"] for row in rows] == [f"A{number}" for number in (4, 3, 2, 1, 0)]


def test_more_rows_than_a_workbook_takes_are_refused(shop, editor, monkeypatch):
    monkeypatch.setattr("portal.sheets.export.MOST_ROWS", 1)
    place(shop, products=[{"sku": "S1"}, {"sku": "S2"}])

    answer = editor.get(f"/shops/{shop.slug}/orders.xlsx", follow=True)

    assert "do not fit into one XLSX" in text_of(answer)


def test_a_filter_that_makes_no_sense_exports_nothing(shop, editor):
    answer = editor.get(f"/shops/{shop.slug}/orders.csv?state=nonsense")

    assert answer.headers["Location"] == f"/shops/{shop.slug}/orders?state=nonsense"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("form", ["csv", "xlsx", "csv of a spreadsheet program"])
def test_an_export_that_comes_back_as_it_was_changes_nothing(shop, editor, seed, form):
    place_varied(shop, seed)
    before, events = stored(shop), Event.objects.count()

    if form == "xlsx":
        content = workbook_of(export_workbook(editor, shop))
    elif form == "csv":
        content = as_csv(export(editor, shop))
    else:
        content = as_csv(export(editor, shop), delimiter=";", lineterminator="\n").encode("utf-16")
    said = import_all(editor, shop, content, f"orders.{form[:4]}")

    assert set(said.values()) == {("skipped", "Unchanged")}
    assert len(said) == len(before)
    assert stored(shop) == before
    assert Event.objects.count() == events


@pytest.mark.parametrize("seed", range(2))
def test_without_the_check_it_changes_nothing_either(shop, editor, seed):
    place_varied(shop, seed)
    before, events = stored(shop), Event.objects.count()

    content = as_csv(
        [{k: v for k, v in row.items() if k != "check"} for row in export(editor, shop)]
    )
    said = import_all(editor, shop, content)

    assert set(said.values()) == {("skipped", "Unchanged")}
    assert stored(shop) == before
    assert Event.objects.count() == events


NEW_CELLS = {Kind.TEXT: "Neu", Kind.AMOUNT: "7,5", Kind.COUNT: "7", Kind.MOMENT: "24.12.2026 18:00"}
NEW_CELLS[Kind.LIST] = "neu"
EDITABLE = [column.key for column in VALUES if column.key not in ("order_number", "line")]


@pytest.mark.parametrize("key", EDITABLE)
def test_one_edited_cell_changes_that_field_of_that_order_and_nothing_else(shop, editor, key):
    place_varied(shop, seed=len(key), count=5)
    draw, column = random.Random(key), COLUMNS[key]
    rows = export(editor, shop)
    row = draw.choice([row for row in rows if row["line"] or column.part is not Part.LINE])
    cell = "USD" if key == "currency" else NEW_CELLS[column.kind]
    before, events = stored(shop), Event.objects.count()

    row[key] = cell
    said = import_all(editor, shop, as_csv(rows))
    again = import_all(editor, shop, as_csv(rows))

    number = row["order_number"].removeprefix("'")
    assert {who for who, (outcome, _) in said.items() if outcome == "done"} == {number}
    assert {outcome for outcome, _ in again.values()} == {"skipped"}
    line = [row["line"]] if column.part is Part.LINE else []
    assert changes(before, stored(shop)) == {(number, column.part, *line, column.field)}
    assert Event.objects.count() == events + 1


def changes(before, after):
    """Which field of which order or line differs; a line is named by its number in the file."""
    found = set()
    for number, (order, lines) in after.items():
        old, old_lines = before[number]
        for name in order.keys() - {"updated_at", "last_upsert_digest", "order_placed_at"}:
            if order[name] == old[name]:
                continue
            if name == "address":
                keys = {k for k in order[name] if order[name][k] != old[name].get(k)}
                found |= {(number, Part.ADDRESS, k) for k in keys}
            else:
                known = {"placed": "order_placed_at"}.get(name, name)
                found.add((number, Part.ORDER, known))
        for at, (line, old_line) in enumerate(zip(lines, old_lines, strict=True), 1):
            names = {k for k in line if line[k] != old_line[k] and k != "id"}
            found |= {(number, Part.LINE, str(at), k) for k in names}
    return found


def test_what_a_shop_sent_meanwhile_is_not_undone_by_rows_that_were_not_edited(shop, editor):
    order = place(shop, order_number="A1", email_id="old@example.com")
    place(shop, order_number="A2")
    rows = export(editor, shop)
    Order.objects.filter(id=order.id).update(email_id="new@example.com")

    next(row for row in rows if row["order_number"] == "A2")["city"] = "Hamburg"
    said = import_all(editor, shop, as_csv(rows))

    assert said["A1"] == ("skipped", "Unchanged")
    assert Order.objects.get(id=order.id).email_id == "new@example.com"


def test_of_an_edited_row_only_the_edited_cell_is_imported(shop, editor):
    order = place(
        shop,
        order_number="A1",
        email_id="old@example.com",
        total_order_price=5,
        products=[{"sku": "S1", "price": 5, "quantity": 1}],
    )
    [row] = export(editor, shop)
    address = {**order.address, "city": "Hamburg"}
    Order.objects.filter(id=order.id).update(email_id="new@example.com", address=address)
    order.lines.update(quantity=2)

    trial = try_out(editor, shop, as_csv([{**row, "price": "6,50", "total_order_price": "7"}]))
    page = text_of(editor.get(f"/shops/{shop.slug}/jobs/{Job.objects.latest('created_at').id}"))
    run(editor, shop)

    assert trial["A1"][1] == (
        "Updated: Total: 5 → 7; Price of product 1: 5 → 6.5. "
        "The order was changed since the export."
    )
    assert "Price of product 1: 5 → 6.5" in page
    timeline = editor.get(f"/shops/{shop.slug}/orders/{order.id}").content.decode()
    order.refresh_from_db()
    assert f"/jobs/{Job.objects.latest('created_at').id}" in timeline
    rows = exported(member_client(shop, Role.ADMIN), shop, kind="")
    found = [(row["field"], row["before"], row["after"], row["job"]) for row in rows]
    assert ("Total", "5.0000", "7.0000", "Import orders") in found
    assert ("Products added", "", "2 × S1", "Import orders") in found
    assert (order.email_id, order.address) == ("new@example.com", address)
    assert order.lines.values_list("quantity", "price").get() == (2, Decimal("6.5"))


def test_what_a_spreadsheet_program_made_of_codes_is_no_edit(shop, editor):
    order = place(
        shop,
        order_number="00017",
        external_id="5000007119181",
        address={"zip_code": "01067", "city": "Dresden", "country_code": "DE"},
        products=[{"sku": "0042", "variant_id": "41234567890123", "title": "Tent"}],
    )
    [row] = export(editor, shop)
    opened = {
        "order_number": "17",
        "external_id": "5,00001E+12",
        "zip_code": "1067",
        "sku": "42",
        "variant_id": "4.12346E+13",
    }

    unedited = import_all(editor, shop, as_csv([{**row, **opened}], delimiter=";"))
    edited = import_all(editor, shop, as_csv([{**row, **opened, "city": "Ulm", "zip_code": "89"}]))

    order.refresh_from_db()
    assert unedited == {"00017": ("skipped", "Unchanged")}
    assert edited["00017"][1] == "Updated: ZIP code: 01067 → 89; City: Dresden → Ulm"
    assert order.external_id == "5000007119181"
    assert order.lines.values_list("sku", "variant_id").get() == ("0042", "41234567890123")


def test_what_the_shop_changed_as_well_is_marked_in_the_trial(shop, editor):
    order = place(shop, order_number="A1", total_order_price=5)
    [row] = export(editor, shop)
    Order.objects.filter(id=order.id).update(total_order_price=6)

    said = try_out(editor, shop, as_csv([{**row, "total_order_price": "7"}]))

    assert "Total: 6 (changed since the export) → 7" in said["A1"][1]


def products_of(shop):
    lines = Order.objects.of(shop).get().lines.order_by("position")
    return [(line.sku, line.price) for line in lines]


def test_an_edit_follows_its_product_to_another_line(shop, editor):
    skus = ["AA", "BB", "CC"]
    products = [{"sku": sku, "price": 2} for sku in skus]
    place(shop, order_number="A1", products=products)
    first, second, third = export(editor, shop)
    place(shop, order_number="A1", products=products[1:])

    second["price"], third["sku"] = "2.5", "CC2"
    said = import_all(editor, shop, as_csv([first, second, third]))

    assert said["A1"][0] == "done"
    assert products_of(shop) == [("BB", Decimal("2.5")), ("CC2", Decimal(2))]


@pytest.mark.parametrize("has_check", [True, False])
def test_an_edit_of_a_product_that_is_gone_is_refused(shop, editor, has_check):
    products = [{"sku": sku, "price": 2} for sku in ("AA", "BB", "CC")]
    place(shop, order_number="A1", products=products)
    rows = export(editor, shop)
    place(shop, order_number="A1", products=products[1:])

    rows[0]["price"] = "2.5"
    kept = [{k: v for k, v in row.items() if has_check or k != "check"} for row in rows]
    said = import_all(editor, shop, as_csv(kept))

    assert "Line 1 of the order is another product now" in said["A1"][1]
    assert products_of(shop) == [("BB", 2), ("CC", 2)]


def test_of_two_alike_the_one_that_was_edited_is_not_guessed(shop, editor):
    alike = {"sku": "S1", "price": 1}
    place(shop, order_number="A1", products=[{"sku": "AA"}, alike, alike])
    rows = export(editor, shop)
    rows[1]["quantity"] = "5"

    place(shop, order_number="A1", products=[alike, alike])
    moved = try_out(editor, shop, as_csv(rows))
    place(shop, order_number="A1", products=[alike])
    gone = try_out(editor, shop, as_csv(rows))

    assert "Quantity of product 1: 1 → 5" in moved["A1"][1]
    assert gone["A1"][0] == "failed"


def test_an_export_makes_the_orders_of_another_shop(shop, editor, client):
    place_varied(shop, seed=1)
    rows = export(editor, shop)
    other = make_shop(timezone="Europe/Berlin")
    client.force_login(make_member(other, Role.EDITOR))

    said = import_all(client, other, as_csv(rows))

    assert {outcome for outcome, _ in said.values()} == {"done"}
    assert [{**row, "external_id": ""} for row in export(client, other)] == [
        {**row, "external_id": ""} for row in rows
    ]


def test_a_copied_row_is_another_product_once_its_line_is_empty(shop, editor):
    place(shop, order_number="A1", products=[{"sku": "S1", "price": 1}])
    [row] = export(editor, shop)
    copied = {**row, "price": "2"}

    refused = try_out(editor, shop, as_csv([row, copied]))
    said = import_all(editor, shop, as_csv([row, {**copied, "line": ""}]))
    again = import_all(editor, shop, as_csv([row, {**copied, "line": ""}]))

    assert "another row is that line" in refused["A1"][1]
    assert said["A1"] == ("done", "Updated: product 2 (new)")
    assert again["A1"] == ("skipped", "Unchanged")
    lines = Order.objects.of(shop).get().lines.order_by("position")
    assert list(lines.values_list("sku", "price")) == [("S1", Decimal(1)), ("S1", Decimal(2))]


def workbook_of(rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append([None if cell is None else cell for cell in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
