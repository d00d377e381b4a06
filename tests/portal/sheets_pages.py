"""What tests of spreadsheets do as a person would: export, edit, upload, match, try, import."""

import csv
import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from common.spreadsheets import said_cell
from jobs.models import Job
from jobs.services import start_job
from jobs.work import work_off
from portal.jobs.kinds import KINDS, READ_FILE
from portal.sheets.models import OrderImport
from portal.sheets.services import keep_file


def export(client, shop, query=""):
    """The exported rows, as dicts of their cells."""
    answer = client.get(f"/shops/{shop.slug}/orders.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def export_workbook(client, shop):
    answer = client.get(f"/shops/{shop.slug}/orders.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def as_csv(rows, **dialect):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **dialect)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def upload(client, shop, content, name="orders.csv"):
    """The page that follows, once the file was read: its refusal, or the job that read it."""
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    answer = client.post(f"/shops/{shop.slug}/orders/import", {"file": file})
    work_off(KINDS, seconds=120)
    return client.get(answer.headers["Location"]) if answer.status_code == 302 else answer


def kept_file(shop, content):
    """Uploaded, and read."""
    kept = keep_file(shop, io.BytesIO(content), name="orders.csv", size=len(content))
    start_job(shop, kind=READ_FILE, asked={"import": str(kept.id), "language": "en"})
    work_off(KINDS, seconds=20)
    return OrderImport.objects.of(shop).get(id=kept.id)


def match(client, shop, **changes):
    """As suggested, but for `changes`: headings and the keys of columns."""
    kept = OrderImport.objects.of(shop).latest("created_at")
    pairs = zip(kept.headings, kept.columns, strict=True)
    columns = [changes.get(heading, column) for heading, column in pairs]
    page = f"/shops/{shop.slug}/orders/import/{kept.id}"
    return client.post(page, {"column": columns})


def try_out(client, shop, content, name="orders.csv", **changes):
    """What a trial says: the outcome and the message of each order, by its number."""
    upload(client, shop, content, name)
    match(client, shop, **changes)
    work_off(KINDS, seconds=60)
    return last_job_says(client, shop)


def run(client, shop):
    """The import of what was tried last."""
    kept = OrderImport.objects.of(shop).latest("created_at")
    client.post(f"/shops/{shop.slug}/orders/import/{kept.id}/run", {"tried": kept.job_id})
    work_off(KINDS, seconds=60)
    return last_job_says(client, shop)


def import_all(client, shop, content, name="orders.csv", **changes):
    try_out(client, shop, content, name, **changes)
    return run(client, shop)


def last_job_says(client, shop):
    job = Job.objects.of(shop).latest("created_at")
    assert job.state == "done", job.trouble
    rows = client.get(f"/shops/{shop.slug}/jobs/{job.id}/rows.csv").streaming_content
    said = csv.DictReader(io.StringIO(b"".join(rows).decode()))
    return {said_cell(row["subject"]): (row["outcome"], row["message"]) for row in said}


def rows_to_mend(client, shop):
    kept = OrderImport.objects.of(shop).latest("created_at")
    answer = client.get(f"/shops/{shop.slug}/orders/import/{kept.id}/rows-to-mend.csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def fault_of(answer):
    """On the upload's page, or on its job's."""
    page = answer.content.decode()
    found = re.search(r'id="file_error"[^>]*>([^<]*)<', page) or re.search(
        r'<td data-label="Why">([^<]*)<', page
    )
    return found[1].strip() if found else ""
