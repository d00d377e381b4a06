"""Files that nobody should upload: each is answered by a sentence, and nothing is kept of it."""

import io
import resource
import zipfile

import pytest
from django.test import Client
from openpyxl import Workbook

from orders.models import Order
from portal.sheets.models import OrderImport
from portal.sheets.workbooks import MOST_UNPACKED
from shops.models import Role
from tests.factories import make_member, make_shop
from tests.portal.sheets_pages import fault_of, import_all, upload

pytestmark = pytest.mark.django_db

MEGABYTE = 1024**2
BOUND = 250 * MEGABYTE
"""So much memory more than before, at most."""


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR))
    return client


@pytest.fixture
def known_statements(shop, editor):
    """Our tests read each statement when it is first sent, with its values, which takes memory."""
    upload(editor, shop, "order_number\n1\n")
    OrderImport.objects.of(shop).delete()


def workbook(rows):
    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_sheet(xml):
    """A workbook whose sheet is `xml`, in pieces."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["a"]]))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part == "xl/worksheets/sheet1.xml":
                with new.open(part, "w", force_zip64=True) as opened:
                    for piece in xml:
                        opened.write(piece)
            else:
                new.writestr(part, old.read(part))
    return packed.getvalue()


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
    b"</sheetData></worksheet>",
)
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20


def rows_without_cells(number):
    yield SHEET[0]
    for _ in range(number // 10_000):
        yield b"<row/>" * 10_000
    yield SHEET[1]


def one_row(cells):
    yield SHEET[0] + b"<row>"
    for _ in range(cells // 10_000):
        yield b"<c/>" * 9_999 + b"<row/>"
    yield b"</row>" + SHEET[1]


def far_away():
    yield SHEET[0]
    cell = b'<c r="A%d" t="inlineStr"><is><t>order_number</t></is></c>'
    yield b'<row r="1">%s</row><row r="999999999999">%s</row>' % (cell % 1, cell % 999999999999)
    yield SHEET[1]


HOSTILE = {
    "nothing at all": (lambda: b"", "not empty"),
    "only a heading": (lambda: b"order_number\n", "no row below"),
    "a picture": (lambda: PICTURE, "cannot be read|not a spreadsheet"),
    "NUL bytes": (lambda: b"order_number,city\nA1,Ber" + b"\x00" + b"lin" * 99, "NUL byte"),
    "binary": (lambda: bytes([1, 2, 3, 4]) * 5000, "not a spreadsheet"),
    "UTF-16 that is none": (lambda: b"\xff\xfe\x00\xd8A", "cannot be read"),
    "bytes that are no letters": (lambda: b"order_number\nA\xfc\x81", "no letters in UTF-8"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "XLS"),
    "a zip that is none": (lambda: b"PK\x03\x04" + b"rubbish" * 99, "workbook cannot be read"),
    "10 million empty lines": (lambda: b"\n" * 10_000_000, "more than 100000 lines"),
    "16,000 columns": (lambda: b"c," * 16_000 + b"\n" + b"1," * 16_000, "more than 200 columns"),
    "a line without an end": (lambda: b"," * 15 * MEGABYTE, "line of more than"),
    "a cell without an end": (lambda: b'a,b\n1,"' + b"x\n" * 5 * MEGABYTE, "cannot be read"),
    "too many rows": (lambda: b"order_number\n" + b"1\n" * 50_001, "more than 50000 rows"),
    "a workbook of 16,000 columns": (lambda: workbook([["c"] * 16_000]), "more than 200 columns"),
    "a zip bomb": (
        lambda: with_sheet([b" " * MEGABYTE] * (MOST_UNPACKED // MEGABYTE + 1)),
        "unpacks to more",
    ),
    "10 million empty rows in a workbook": (
        lambda: with_sheet(rows_without_cells(10_000_000)),
        "unpacks to more",
    ),
    "10 million cells in one row of a workbook": (
        lambda: with_sheet(one_row(10_000_000)),
        "unpacks to more",
    ),
    "a row far away": (lambda: with_sheet(far_away()), "more than 100000 lines"),
    "entities of its own": (
        lambda: with_sheet([b'<!DOCTYPE x [<!ENTITY a "aaaa">]>', *SHEET]),
        "unpacks to more",
    ),
    "no XML": (lambda: with_sheet([b"<worksheet><"]), "workbook cannot be read|is empty"),
}


@pytest.mark.usefixtures("known_statements")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_a_sentence_in_little_memory(shop, editor, name):
    make, says = HOSTILE[name]
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answer = upload(editor, shop, content, "orders.xlsx")

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert any(part in fault_of(answer) for part in says.split("|")), fault_of(answer)
    assert not OrderImport.objects.exists()
    assert grown < BOUND


def test_200_mb_are_refused_before_they_are_read(shop, editor):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies

    answer = strict.generic(
        "POST",
        f"/shops/{shop.slug}/orders/import",
        b"",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * MEGABYTE),
    )

    assert answer.status_code == 413
    assert "larger than 20 MB" in fault_of(answer)


def test_an_upload_without_a_token_is_refused(shop, editor):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies

    answer = upload(strict, shop, "order_number,city\nA1,Berlin\n")

    assert answer.status_code == 403
    assert not OrderImport.objects.exists()


def test_formulas_are_not_computed(shop, editor):
    content = workbook([["order_number", "zip_code", "city"], ["A1", "10119", "=1+1"]])

    said = import_all(editor, shop, content, "orders.xlsx")

    assert said == {"A1": ("done", "Created")}
    assert Order.objects.of(shop).get().address == {"zip_code": "10119"}


def test_headings_that_are_there_twice_are_pointed_out(shop, editor):
    answer = upload(editor, shop, "order_number,Price,Price\nA1,1,2\n")

    kept = OrderImport.objects.get()
    page = editor.get(f"/shops/{shop.slug}/orders/import/{kept.id}").content.decode()

    assert "Match the columns" in answer.content.decode()
    assert "more than once: Price" in page
    assert kept.columns == ["order_number", "price", ""]
