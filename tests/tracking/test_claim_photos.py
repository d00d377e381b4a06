"""Photos are opened by signed links that end."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from claims.drafts import add_photo, begin_draft
from claims.images import take_in
from claims.models import ClaimPhoto, Flow
from claims.photo_links import FOR_PAGES, FOR_PROGRAMS, linked_photo, photo_path, photo_url
from tests.claims.pictures import picture
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(settings, tmp_path) -> ClaimPhoto:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}
    shop = make_shop()
    order = fulfil(shop, place(shop), "T1")
    content = picture()
    draft = begin_draft(shop, order, Flow.SUPPORT)
    return add_photo(draft, take_in(BytesIO(content), size=len(content)), name="a.jpg")


def test_a_signed_link_shows_the_photo_and_nothing_that_runs(photo):
    response = Client().get(photo_path(photo))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response.getvalue()[:3] == b"\xff\xd8\xff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
    assert not response.cookies


def test_a_link_ends(photo, monkeypatch):
    path = photo_path(photo, lasting=FOR_PAGES)
    token = path.rpartition("/")[2]
    now = timezone.now()

    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(minutes=59))
    assert linked_photo(token) is not None
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(hours=3))
    assert linked_photo(token) is None
    assert Client().get(path).status_code == 404


def test_programs_have_a_week_and_read_the_same_link_twice(photo):
    url = photo_url(photo)

    assert url == photo_url(photo)
    linked = linked_photo(url.rpartition("/")[2])
    assert linked is not None
    assert linked.expires_at - timezone.now() > FOR_PROGRAMS - timedelta(hours=1)


@pytest.mark.parametrize("change", ["first", "last", "cut", "long", "empty"])
def test_a_link_that_was_changed_opens_nothing(photo, change):
    path = photo_path(photo)
    token = path.rpartition("/")[2]
    other = "A" if token[20] != "A" else "B"
    token = {
        "first": other + token[1:] if token[0] != other else "C" + token[1:],
        "last": token[:20] + other + token[21:],
        "cut": token[:-1],
        "long": token + "A",
        "empty": "x",
    }[change]

    assert Client().get(f"/photos/{token}").status_code == 404


def test_a_photo_has_no_other_address(photo):
    assert photo.file.name.startswith(f"claims/{photo.shop_id}/")
    for path in (f"/media/{photo.file.name}", f"/static/{photo.file.name}", f"/{photo.file.name}"):
        assert Client().get(path).status_code == 404
