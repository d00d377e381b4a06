"""The inbox of claims: finding, deciding, answering, and the rules."""

import csv
import io

import pytest

from claims.mails import send_mails
from claims.models import Claim, ClaimEntry, ClaimMail, ClaimRule, ClaimSettings, EntryKind
from claims.services import delete_claim, update_claim
from shops.models import Role, Shop
from tests.factories import fulfil, make_claim, make_member, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def editor(shop):
    return member_client(shop, Role.EDITOR, email="ada@example.com", name="Ada")


def claim_of(shop: Shop, number: str = "T1", *, order: dict | None = None, **said) -> Claim:
    fields = {"email_id": "jane@example.com", **(order or {})}
    return make_claim(fulfil(shop, place(shop, **fields), number), **said)


def url(shop: Shop, rest: str = "") -> str:
    return f"/shops/{shop.slug}/claims{rest}"


def found(client, shop: Shop, query: str) -> set[str]:
    page = client.get(url(shop, query)).content.decode()
    return {str(claim.id) for claim in Claim.objects.of(shop) if f"/claims/{claim.id}" in page}


def test_an_empty_inbox_says_how_claims_come(shop, editor):
    assert "Nobody has filed a claim" in text_of(editor.get(url(shop)))


def test_the_inbox_is_searched_and_narrowed(shop, editor):
    first = claim_of(shop, "1Z999AA10123456784", order={"order_number": "A-1001"})
    second = claim_of(shop, "T2", reason="return", resolution_preference="refund", flow="return")
    update_claim(second, status="accepted")
    deleted = delete_claim(claim_of(shop, "T3"))
    one, two = str(first.id), str(second.id)

    assert found(editor, shop, "") == {one, two}
    assert found(editor, shop, "?q=A-1001") == {one}
    assert found(editor, shop, "?q=1Z999AA1012") == {one}
    assert found(editor, shop, f"?q={second.reference}") == {two}
    assert found(editor, shop, "?status=pending") == {one}
    assert found(editor, shop, "?reason=return&flow=return") == {two}
    assert found(editor, shop, "?resolution_preference=refund&status=accepted") == {two}
    assert found(editor, shop, "?filed_to=2020-01-01") == set()
    assert found(editor, shop, "?status=won") == found(editor, shop, "?colour=red") == set()
    assert str(deleted.id) not in found(editor, shop, "")


def test_the_inbox_of_many_costs_as_many_queries_as_that_of_one(
    shop, editor, django_assert_num_queries
):
    claim_of(shop, "T0")
    with django_assert_num_queries(8):
        editor.get(url(shop))
    for number in range(1, 6):
        claim_of(shop, f"T{number}")

    with django_assert_num_queries(8):
        editor.get(url(shop))


def test_a_claim_is_decided_with_an_answer_that_is_sent(shop, editor):
    claim = claim_of(shop)

    response = editor.post(
        url(shop, f"/{claim.id}/decide"), {"status": "accepted", "answer": "A new one comes."}
    )
    page = text_of(editor.get(url(shop, f"/{claim.id}")))
    send_mails()
    later = text_of(editor.get(url(shop, f"/{claim.id}")))

    assert response.status_code == 302
    assert "The claim is accepted." in page
    assert "It is about to be sent." in page
    assert "A new one comes." in page
    assert "ada@example.com" in page
    assert "Sent." in later
    assert ClaimMail.objects.get().recipient == "jane@example.com"


def test_what_was_typed_is_kept_when_somebody_decided_first(shop, editor):
    claim = claim_of(shop)
    update_claim(claim, status="rejected")

    response = editor.post(
        url(shop, f"/{claim.id}/decide"), {"status": "accepted", "answer": "A new one comes."}
    )
    reopened = editor.post(url(shop, f"/{claim.id}/decide"), {"status": "pending"})

    assert response.status_code == 409
    assert "open it again first" in text_of(response)
    assert not ClaimMail.objects.exists()
    assert reopened.status_code == 302
    assert Claim.objects.get().is_pending


def test_notes_mails_and_assignments_stand_in_the_history_newest_first(shop, editor):
    claim = claim_of(shop)
    colleague = make_member(shop, Role.EDITOR, name="Grace")
    viewer = make_member(shop, Role.VIEWER)
    stranger = make_member(make_shop())
    path = url(shop, f"/{claim.id}")

    editor.post(f"{path}/note", {"text": "Asked the carrier."})
    editor.post(f"{path}/mail", {"text": "Please send a photo."})
    editor.post(f"{path}/assign", {"assignee": str(colleague.id)})
    for nobody in (viewer.id, stranger.id, "x"):
        editor.post(f"{path}/assign", {"assignee": str(nobody)})

    kinds = [entry.kind for entry in ClaimEntry.objects.filter(claim=claim)]
    assert kinds == ["assigned", "answered", "noted", "filed"]
    page = text_of(editor.get(path))
    assert page.index("Assigned to Grace") < page.index("Please send a photo.")
    assert page.index("Please send a photo.") < page.index("Asked the carrier.")
    assert Claim.objects.get().assignee == colleague
    assert found(editor, shop, "?whose=others") == {str(claim.id)}
    assert found(editor, shop, "?whose=mine") == found(editor, shop, "?whose=nobodys") == set()

    ClaimEntry.objects.filter(kind="answered").update(details={}, text="")  # as erasing does
    for seen in (path, f"/shops/{shop.slug}/orders/{claim.order_id}"):
        assert "E-mail to an erased address" in text_of(editor.get(seen))


def test_an_empty_note_is_refused(shop, editor):
    claim = claim_of(shop)

    response = editor.post(url(shop, f"/{claim.id}/note"), {"text": " "})

    assert response.status_code == 422
    assert "Write something first." in text_of(response)


def test_a_viewer_reads_and_finds_nothing_to_press(shop):
    claim = claim_of(shop)
    page = member_client(shop).get(url(shop, f"/{claim.id}")).content.decode()

    assert "What was said" in page
    assert "/decide" not in page


def test_a_claim_of_another_shop_and_a_deleted_one_are_not_found(shop, editor):
    foreign, deleted = claim_of(make_shop()), delete_claim(claim_of(shop))

    for claim in (foreign, deleted):
        assert editor.get(url(shop, f"/{claim.id}")).status_code == 404
        assert editor.post(url(shop, f"/{claim.id}/note"), {"text": "x"}).status_code == 404


def test_what_customers_write_is_shown_as_text(shop, editor):
    claim = claim_of(
        shop,
        description="<script>alert(1)</script>",
        image_urls=["javascript:alert(1)", "https://shop.example/1.jpg"],
    )

    page = editor.get(url(shop, f"/{claim.id}")).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href="https://shop.example/1.jpg"' in page


def test_other_claims_of_the_customer_are_at_hand(shop, editor):
    claim, other = claim_of(shop), claim_of(shop, "T2", reason="return")
    claim_of(shop, "T3", order={"email_id": "joe@example.com"})

    page = editor.get(url(shop, f"/{claim.id}")).content.decode()

    assert page.count(f"/claims/{other.id}") == 1
    assert "Other claims of this customer" in page


def test_exactly_the_filtered_claims_are_exported(shop, editor):
    claim_of(shop, "T1", reason="return")
    item = {"sku": "A", "title": "Lamp", "quantity": 2, "net_price": 10.5, "image_urls": []}
    claim = claim_of(shop, "T2", description="=1+1", selected_items=[item])
    update_claim(claim, status="accepted")

    response = editor.get(url(shop, ".csv?status=accepted"))
    [row] = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))

    assert response["Content-Type"].startswith("text/csv")
    assert (row["claim"], row["status"], row["reason"]) == (claim.reference, "accepted", "damage")
    assert (row["items"], row["amount"]) == ("2 × A", "21")
    assert (row["tracking_number"], row["description"]) == ("T2", "'=1+1")
    assert row["email"] == "jane@example.com"


def test_an_export_reads_on_batch_by_batch(shop, editor, monkeypatch):
    order = fulfil(shop, place(shop), "T1")
    made = [make_claim(order, description=str(number)) for number in range(5)]
    monkeypatch.setattr("portal.claims.export.BATCH", 2)

    response = editor.get(url(shop, ".csv"))
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert [row["claim_id"] for row in rows] == [str(claim.id) for claim in reversed(made)]


def test_admins_switch_flows_and_set_days(shop):
    admin = member_client(shop, Role.ADMIN)
    said = {"flows": ["return"], "complaint_days": 20, "return_days": 5, "missing_after_days": 9}

    saved = admin.post(url(shop, "/settings"), said)
    wrong = admin.post(url(shop, "/settings"), {**said, "return_days": 0})

    assert saved.status_code == 302
    settings = ClaimSettings.objects.get()
    assert "return" not in settings.flows_off
    assert len(settings.flows_off) == 6
    assert (settings.complaint_days, settings.return_days) == (20, 5)
    assert "Ensure this value is greater than or equal to 1." in text_of(wrong)


def test_a_rule_is_tried_then_saved_then_changed(shop):
    admin = member_client(shop, Role.ADMIN)
    claim_of(shop)
    said = {
        "name": "Small ones",
        "reasons": ["damage"],
        "most_amount": "500",
        "earlier_days": "365",
        "decision": "accept",
        "answer": "Money is on its way.",
        "is_active": "on",
    }

    tried = text_of(admin.post(url(shop, "/rules/new"), {**said, "try": "yes"}))
    assert "This rule alone would have fitted" in tried
    assert not ClaimRule.objects.exists()
    admin.post(url(shop, "/rules/new"), said)
    rule = ClaimRule.objects.get()
    admin.post(url(shop, f"/rules/{rule.id}"), {**said, "name": "Tiny ones"})
    second = {**said, "name": "Others"}
    admin.post(url(shop, "/rules/new"), second)
    admin.post(url(shop, f"/rules/{rule.id}/move"), {"way": "down"})

    assert rule.currency == shop.currency
    assert [one.name for one in ClaimRule.objects.of(shop)] == ["Others", "Tiny ones"]
    admin.post(url(shop, f"/rules/{rule.id}/delete"))
    assert ClaimRule.objects.count() == 1
    wrong = admin.post(url(shop, "/rules/new"), {**said, "most_earlier": "1", "least_earlier": "2"})
    assert wrong.status_code == 422


def test_a_rule_of_which_only_the_name_was_typed_decides_nothing(shop):
    admin = member_client(shop, Role.ADMIN)
    page = admin.get(url(shop, "/rules/new"))
    fields = page.context["form"].fields
    untouched = {name: field.initial for name, field in fields.items() if field.initial}

    saved = admin.post(url(shop, "/rules/new"), {**untouched, "name": "R"}, follow=True)

    assert ClaimRule.objects.get().decision == "leave"
    assert "It has no condition: it fits every claim." in text_of(saved)
    assert "Leave it to people Every claim" in text_of(saved)


def test_the_history_says_why_a_rule_decided(shop, editor):
    ClaimRule.objects.create(
        shop=shop, position=0, name="Returns", decision="reject", reasons=["return"]
    )
    ClaimRule.objects.create(shop=shop, position=1, name="All", decision="accept")
    claim = claim_of(shop)

    page = text_of(editor.get(url(shop, f"/{claim.id}")))

    assert ClaimEntry.objects.filter(kind=EntryKind.RULED).count() == 1
    assert "The rule “All” decides" in page
    assert "“Returns” does not fit: the reason is Damage." in page
    assert "the rules" in page


def test_the_orders_page_names_its_claims_and_what_became_of_them(shop, editor):
    claim = claim_of(shop, reason="return", flow="return")
    update_claim(claim, status="rejected")

    page = text_of(editor.get(f"/shops/{shop.slug}/orders/{claim.order_id}"))

    assert "Claims I want to send something back Rejected" in page
    assert f"Claim filed {claim.reference} Return" in page
    assert f"Claim: Rejected {claim.reference}" in page
