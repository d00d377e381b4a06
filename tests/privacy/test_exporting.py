"""Exporting a customer: everything held of them, in one file, for who asked for it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client

from claims.drafts import add_photo, begin_draft
from claims.images import take_in
from claims.models import Flow
from jobs.models import Job, JobState
from jobs.work import work_off
from portal.jobs.kinds import KINDS
from portal.privacy.holdings import HELD
from privacy.exporting import forget_exports, make_files
from privacy.models import Export, ExportPart
from shops.models import Role
from tests.claims.pictures import picture
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import member_client, text_of
from tests.portal.test_visits import begin, staff_client
from tests.privacy.marked import found_in_files

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "jane@example.com"


@pytest.fixture
def shop(media):
    return make_shop()


@pytest.fixture
def admin(shop):
    return member_client(shop, Role.ADMIN, email="boss@example.com")


def ask(client, shop, address=EMAIL, **said):
    at = f"/shops/{shop.slug}/customer-data/export"
    answer = client.post(at, {"address": address, **said})
    work_off(KINDS, seconds=60)
    return answer


def file_url(shop):
    export = Export.objects.of(shop).latest("created_at")
    return f"/shops/{shop.slug}/customer-data/exports/{export.id}.zip"


def downloaded(client, shop):
    answer = client.get(file_url(shop))
    content = b"".join(answer.streaming_content)
    answer.close()
    return zipfile.ZipFile(io.BytesIO(content))


def held_in(archive):
    return json.loads(archive.read("customer.json"))["held"]


def test_the_file_holds_the_orders_of_the_address_and_no_others(shop, admin):
    mine = [place(shop), place(shop, email_id="JANE@example.com")]
    place(shop, email_id="other@example.com", address={"zip_code": "1", "name": "Somebody Else"})
    place(make_shop())

    answer = ask(admin, shop)

    assert Job.objects.get().trouble == ""
    assert Job.objects.get().state == JobState.DONE
    assert "Download the file" in text_of(admin.get(answer.headers["Location"]))
    held = held_in(downloaded(admin, shop))
    assert {order["id"] for order in held["orders_order"]} == {str(order.id) for order in mine}
    assert {order["email_id"] for order in held["orders_order"]} == {EMAIL, "JANE@example.com"}
    assert len(held["orders_orderline"]) == 2
    assert len(held["events_event"]) == 2
    assert not ExportPart.objects.exists()


def test_the_pictures_that_the_customer_sent_are_in_the_file(shop, admin):
    order = fulfil(shop, place(shop), "T1")
    content = picture()
    draft = begin_draft(shop, order, Flow.SUPPORT)
    photo = add_photo(draft, take_in(io.BytesIO(content), size=len(content)), name="a.jpg")

    ask(admin, shop)

    archive = downloaded(admin, shop)
    assert archive.read(f"files/{photo.file.name}")[:2] == b"\xff\xd8"
    [told] = held_in(archive)["claims_claimphoto"]
    assert told["file"] == photo.file.name


def test_nobody_but_who_asked_can_download_it(shop, admin):
    place(shop)
    answer = ask(admin, shop)
    colleague = member_client(shop, Role.ADMIN)

    assert colleague.get(file_url(shop)).status_code == 404
    assert "Download" not in text_of(colleague.get(answer.headers["Location"]))
    assert "Download," not in text_of(colleague.get(f"/shops/{shop.slug}/customer-data"))


def test_staff_who_visit_the_shop_cannot_download_it_either(shop):
    member = make_member(shop, Role.ADMIN)
    client = Client()
    client.force_login(member)
    place(shop)
    ask(client, shop)
    visitor, _ = staff_client()
    begin(visitor, member)

    assert visitor.get(f"/shops/{shop.slug}/customer-data").status_code == 200
    assert visitor.get(file_url(shop)).status_code == 403
    assert downloaded(client, shop).namelist() == ["customer.json"]


def test_after_seven_days_it_is_gone(shop, admin, media, monkeypatch):
    place(shop)
    ask(admin, shop)
    made_at = Export.objects.get().created_at

    monkeypatch.setattr("django.utils.timezone.now", lambda: made_at + timedelta(days=7))
    assert forget_exports() == 0
    assert admin.get(file_url(shop)).status_code == 404
    monkeypatch.setattr("django.utils.timezone.now", lambda: made_at + timedelta(days=7, seconds=1))
    assert forget_exports() == 1
    assert found_in_files(media) == []
    assert not Export.objects.exists()


def test_asking_and_each_download_are_in_the_audit_without_the_person(shop, admin):
    place(shop)
    ask(admin, shop)
    downloaded(admin, shop)

    entries = LogEntry.objects.filter(content_type__model="export").order_by("id")
    assert [entry.get_action_display() for entry in entries] == ["create", "access"]
    assert {entry.actor.email for entry in entries} == {"boss@example.com"}
    assert "jane" not in json.dumps([entry.changes for entry in entries])
    audit = text_of(admin.get(f"/shops/{shop.slug}/audit"))
    assert "Export" in audit
    assert "jane" not in audit


def test_a_file_that_a_worker_never_made_is_made_later(shop, admin, monkeypatch):
    place(shop)
    monkeypatch.setattr("portal.privacy.export_customer.make_file", lambda *_: None)
    ask(admin, shop)
    assert Export.objects.get().ready_at is None

    assert make_files(HELD) == 1
    assert make_files(HELD) == 0

    assert held_in(downloaded(admin, shop))["orders_order"]


def test_who_has_no_order_gets_a_file_that_says_so(shop, admin):
    ask(admin, shop, address="nobody@example.com")

    assert "orders_order" not in held_in(downloaded(admin, shop))


@pytest.mark.parametrize("address", ["", "no address", "a@b@c"])
def test_what_is_no_address_exports_nothing(shop, admin, address):
    ask(admin, shop, address=address)

    assert not Job.objects.exists()
