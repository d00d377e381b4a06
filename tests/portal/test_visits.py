"""Staff see a shop as one of its members does: to look only, for a while, with a trace."""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import ClaimPhoto
from orders.models import Order
from portal.models import StaffVisit, VisitEnd
from portal.people.edits import EditFilters
from portal.urls import urlpatterns
from portal.visits.visiting import end_overdue_visits, keep_in
from shops.models import ApiKey, Membership, Role, Shop, User
from tests.factories import make_claim, make_member, make_shop, place
from tests.portal.pages import member_client, text_of
from tests.portal.test_permissions import MATRIX

pytestmark = pytest.mark.django_db

LEAVE = "/visit/leave"


def staff_client() -> tuple[Client, User]:
    user = User.objects.create_superuser("staff@operator.example")
    client = Client()
    client.force_login(user)
    return client, user


def begin_url(shop: Shop) -> str:
    return f"{reverse('admin:portal_staffvisit_begin')}?shop={shop.id}"


def begin(client: Client, member: User, reason: str = "A question about late parcels"):
    membership = Membership.objects.get(user=member)
    said = {"membership": str(membership.id), "reason": reason}
    return client.post(begin_url(membership.shop), said)


@pytest.fixture
def visiting():
    """A browser of staff who see the shop as its admin does."""
    shop = make_shop()
    member = make_member(shop, Role.ADMIN)
    client, _ = staff_client()
    response = begin(client, member)
    assert response["Location"] == f"/shops/{shop.slug}"
    return client, shop, member


def test_pages_are_the_members_with_a_banner(visiting):
    client, shop, member = visiting
    place(shop, order_number="A-1")

    page = client.get(f"/shops/{shop.slug}/orders")

    assert page.status_code == 200
    assert "A-1" in text_of(page)
    assert f"You see this shop as {member.email} does, to look only." in text_of(page)
    assert "A question about late parcels" in text_of(page)


def test_a_role_of_the_members_is_the_visitors():
    shop = make_shop()
    client, _ = staff_client()
    begin(client, make_member(shop, Role.VIEWER))

    assert client.get(f"/shops/{shop.slug}/orders").status_code == 200
    assert client.get(f"/shops/{shop.slug}/keys").status_code == 403


def test_nothing_is_changed_whatever_page_it_is_posted_to(visiting):
    client, shop, _ = visiting
    names = {pattern.name for pattern in urlpatterns if pattern.name}
    answers = {}
    for name in names - {"leave_visit", "logout", "without_slash"}:
        other = make_shop()
        arguments = MATRIX[name].arguments(other, place(other))
        here = {"slug": shop.slug} if "slug" in arguments else {}
        url = reverse(f"portal:{name}", kwargs={**arguments, **here})
        answers[name] = client.post(url).status_code

    assert len(answers) > 100
    assert {name for name, status in answers.items() if status != 403} == set()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_looking_is_no_change(visiting, method):
    client, shop, _ = visiting

    refused = getattr(client, method)(f"/shops/{shop.slug}/orders/new")

    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["/admin/", "/account/second-factor/", "/account/sessions"])
def test_nor_is_anything_of_the_staffs_own(visiting, path):
    client, _, _ = visiting

    assert client.post(path).status_code == 403


def test_no_key_is_made_and_none_shown(visiting):
    client, shop, _ = visiting

    refused = client.post(f"/shops/{shop.slug}/keys", {"username": "x", "role": "admin"})

    assert refused.status_code == 403
    assert not ApiKey.objects.exists()
    assert client.post(f"/shops/{shop.slug}/setup/key").status_code == 403
    assert not ApiKey.objects.exists()


def test_one_shop_is_seen_and_no_other_of_the_members(visiting):
    client, shop, member = visiting
    other = make_shop(slug=f"{shop.slug}-too")
    Membership.objects.create(shop=other, user=member, role=Role.ADMIN)

    assert client.get(f"/shops/{other.slug}/orders").status_code == 403
    assert client.get("/shops")["Location"] == f"/shops/{shop.slug}"
    assert other.name not in text_of(client.get(f"/shops/{shop.slug}/orders"))


def test_pages_of_the_account_are_the_staffs_own_not_the_members(visiting):
    client, _, member = visiting

    page = client.get("/account/sessions")

    assert page.status_code == 200
    assert page.wsgi_request.user != member
    assert client.get("/admin/").wsgi_request.user.is_superuser


def test_what_staff_take_with_them_is_in_the_shops_audit(visiting, rf):
    client, shop, _ = visiting
    claim = make_claim(place(shop))
    page = f"/shops/{shop.slug}/claims/{claim.id}"
    client.get(page)
    ClaimPhoto.objects.create(shop=shop, claim=claim, file="c/p.webp", size=1, width=1, height=1)

    client.get(page)
    for file in ("orders.csv?q=ada", "orders.xlsx", "audit.csv", "numbers/orders.csv"):
        assert client.get(f"/shops/{shop.slug}/{file}").getvalue()

    edits = EditFilters(rf.get("/").GET, shop=shop).found.filter(action=LogEntry.Action.ACCESS)
    photos, *files = [edit.changes_dict for edit in edits.order_by("id")]
    assert photos == {"photos_of_claim": ["", claim.reference]}
    names = [file["downloaded"][1] for file in files]
    assert [name.rpartition(".")[2] for name in names] == ["csv", "xlsx", "csv", "csv"]
    assert "ada" not in " ".join(names)
    assert {edit.actor.email for edit in edits} == {"staff@operator.example"}


def test_leaving_ends_it_and_leads_back_to_the_back_office(visiting):
    client, shop, _ = visiting

    response = client.post(LEAVE)

    assert response["Location"] == reverse("admin:shops_shop_change", args=[shop.pk])
    assert client.get(f"/shops/{shop.slug}/orders").status_code == 404
    visit = StaffVisit.objects.get()
    assert visit.ended_by == VisitEnd.LEFT


def test_logging_out_ends_it(visiting):
    client, shop, _ = visiting

    client.post("/logout")

    assert StaffVisit.objects.get().ended_by == VisitEnd.LOGGED_OUT
    assert client.get(f"/shops/{shop.slug}/orders").status_code == 302


def test_it_ends_by_itself(visiting):
    client, shop, _ = visiting
    visit = StaffVisit.objects.get()
    assert visit.until - visit.began_at == timedelta(minutes=30)
    StaffVisit.objects.update(until=timezone.now() - timedelta(seconds=1))

    response = client.get(f"/shops/{shop.slug}/orders")

    assert response.status_code == 302
    assert StaffVisit.objects.get().ended_by == VisitEnd.TIME
    assert client.get(f"/shops/{shop.slug}/orders").status_code == 404


def test_it_ends_also_where_nobody_comes_back(visiting):
    assert end_overdue_visits() == 0
    StaffVisit.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert end_overdue_visits() == 1

    assert StaffVisit.objects.get().ended_by == VisitEnd.TIME
    assert LogEntry.objects.filter(action=LogEntry.Action.UPDATE).count() == 1
    assert end_overdue_visits() == 0


def test_the_shops_admins_read_who_it_was_and_why(visiting):
    client, shop, member = visiting
    client.post(LEAVE)
    owner = Client()
    owner.force_login(member)

    audit = text_of(owner.get(f"/shops/{shop.slug}/audit"))
    file = b"".join(owner.get(f"/shops/{shop.slug}/audit.csv").streaming_content).decode()

    assert f"staff@operator.example as {member.email}" in audit
    assert audit.count("A question about late parcels") == 2  # begun, and ended
    assert "Left" in audit
    assert "staff@operator.example" in file
    other = make_shop()
    assert "late parcels" not in text_of(
        member_client(other, Role.ADMIN).get(f"/shops/{other.slug}/audit")
    )


@pytest.mark.parametrize(
    "rights", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}]
)
def test_staff_and_the_locked_out_are_not_seen_as(rights):
    shop = make_shop()
    member = make_member(shop, **rights)
    client, _ = staff_client()

    page = client.get(begin_url(shop))
    response = begin(client, member)

    assert "There is nobody to see it as" in text_of(page)
    assert response.status_code == 200
    assert not StaffVisit.objects.exists()


def test_who_becomes_staff_is_no_longer_seen_as(visiting):
    client, shop, member = visiting
    member.is_staff = True
    member.save()

    assert client.get(f"/shops/{shop.slug}/orders").status_code == 302
    assert StaffVisit.objects.get().ended_at is not None


def test_a_visit_is_of_its_staff_only():
    shop = make_shop()
    client, _ = staff_client()
    begin(client, make_member(shop))
    visit = StaffVisit.objects.get()
    someone = member_client(make_shop())
    session = someone.session
    keep_in(session, visit)
    session.save()

    assert someone.get(f"/shops/{shop.slug}/orders").status_code == 404


def test_a_reason_is_required():
    shop = make_shop()
    client, _ = staff_client()

    response = begin(client, make_member(shop), reason="  ")

    assert "This field is required." in text_of(response)
    assert not StaffVisit.objects.exists()


def test_staff_need_the_permission():
    shop = make_shop()
    member = make_member(shop)
    user = User.objects.create_user("other@operator.example", is_staff=True)
    client = Client()
    client.force_login(user)

    assert begin(client, member).status_code == 403
    assert not StaffVisit.objects.exists()


def test_members_of_shops_have_no_way_in():
    shop = make_shop()
    member = make_member(shop)
    client = member_client(shop, Role.ADMIN)

    assert begin(client, member).status_code in (302, 403)
    assert not StaffVisit.objects.exists()


def test_the_pages_of_shops_and_people_lead_to_it():
    shop = make_shop()
    member = make_member(shop)
    client, staff = staff_client()

    of_shop = client.get(reverse("admin:shops_shop_change", args=[shop.pk])).content.decode()
    of_person = client.get(reverse("admin:shops_user_change", args=[member.pk])).content.decode()
    of_staff = client.get(reverse("admin:shops_user_change", args=[staff.pk])).content.decode()

    assert f"{reverse('admin:portal_staffvisit_begin')}?shop={shop.pk}" in of_shop
    assert f"?user={member.pk}" in of_person
    assert "staffvisit/begin" not in of_staff
    assert re.search(r"<option[^>]*>[^<]*in ", client.get(begin_url(shop)).content.decode())


def test_the_session_goes_on_being_the_staffs_own(visiting):
    client, shop, _ = visiting
    client.get(f"/shops/{shop.slug}/orders")

    assert client.session["_auth_user_id"] == str(User.objects.get(is_superuser=True).pk)


def test_looking_changes_nothing(visiting):
    client, shop, _ = visiting
    order = place(shop)
    before = Order.objects.get(id=order.id).updated_at

    for name in ("shop", "orders", "keys", "webhooks", "setup", "settings", "members", "edits"):
        assert client.get(reverse(f"portal:{name}", args=[shop.slug])).status_code == 200

    assert Order.objects.get(id=order.id).updated_at == before
