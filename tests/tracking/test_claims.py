"""Customers report what is wrong, question by question."""

import re

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from claims.drafts import KEPT_FOR, forget_drafts
from claims.flows import PLANS
from claims.models import Claim, ClaimDraft, ClaimPhoto, ClaimSettings, Flow, PhotoKind, Reason
from claims.services import update_claim
from events.models import Event
from orders.models import Order
from shipments.models import ArrivalSource, Shipment
from shops.models import Shop
from tests.claims.pictures import SVG, bomb, picture
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import text_of
from tests.tracking.claiming import Customer, delivered, place_of, scan, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path) -> None:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    storages["default"] = {**storages["default"], "OPTIONS": options}
    settings.STORAGES = storages


@pytest.fixture
def shop() -> Shop:
    return make_shop(name="Lamps and more")


def offered(order: Order) -> set[str]:
    return set(re.findall(r'name="flow" value="(\w+)"', Customer(order).get().content.decode()))


def test_a_broken_product_with_a_photo_becomes_a_claim(shop):
    customer = Customer(delivered(shop))

    assert place_of(customer.begin("defective")) == "issue"
    assert place_of(customer.step("issue", answer="broken")) == "items"
    assert place_of(customer.step("items", **{"item-0": "1", "item-1": "0"})) == "photos"
    added = customer.step("photos", photos=[upload(picture())], **{"continue": "yes"})
    assert place_of(added) == "preference"
    assert place_of(customer.step("preference", answer="reorder")) == "description"
    assert place_of(customer.step("description", answer="The shade is torn.")) == "check"
    check = text_of(customer.show("check"))
    sent = customer.step("check")

    assert "1 × Lamp" in check
    assert "The shade is torn." in check
    claim = Claim.objects.get()
    assert place_of(sent) == str(claim.id)
    assert (claim.reason, claim.flow, claim.issue) == ("partial_damage", "defective", "broken")
    assert claim.resolution_preference == "reorder"
    assert claim.description == "The shade is torn."
    [item] = claim.selected_items
    assert (item["sku"], item["quantity"], item["net_price"]) == ("A", 1, 20.0)
    assert claim.amount == 20
    assert ClaimPhoto.objects.get().claim == claim
    [event] = Event.objects.filter(ref="claims/created")
    [url] = event.event_data["image_urls"]
    shown = customer.client.get(url[url.index("/photos/") :])
    assert (shown.status_code, shown.getvalue()[:2]) == (200, b"\xff\xd8")
    assert event.event_data["optional_image_urls"] == []


def test_all_of_a_parcel_is_no_partial_damage(shop):
    customer = Customer(delivered(shop))
    customer.begin("defective")
    customer.step("issue", answer="broken")
    customer.step("items", **{"item-0": "2", "item-1": "1"})
    customer.step("photos", photos=[upload(picture())], **{"continue": "yes"})
    customer.step("preference", answer="refund")
    customer.step("description", answer="")
    customer.step("check")

    assert Claim.objects.get().reason == Reason.DAMAGE


def test_a_parcel_that_did_not_come_is_signed_for(shop):
    customer = Customer(delivered(shop))
    customer.begin("not_received")
    customer.step("issue", answer="said_delivered")
    customer.step("dropoff", answer="no")
    customer.step("preference", answer="refund")
    customer.step("description", answer="")
    signed = customer.step("signature", answer="Jane Doe")
    customer.step("check")

    assert place_of(signed) == "check"
    claim = Claim.objects.get()
    assert (claim.reason, claim.dropoff_permission) == ("investigation", False)
    assert claim.signed_by == "Jane Doe"
    assert ClaimPhoto.objects.get().kind == PhotoKind.SIGNATURE
    [event] = Event.objects.filter(ref="claims/created")
    assert "/photos/" in event.event_data["customer_signature_image_url"]
    assert event.event_data["image_urls"] == []


@pytest.mark.parametrize("flow", Flow)
def test_every_flow_can_be_walked_to_its_end_without_scripts(shop, flow):
    customer = Customer(delivered(shop))
    plan = PLANS[flow]
    answers = {
        "issue": {"answer": plan.issues[0][0] if plan.issues else ""},
        "items": {"item-0": "1"},
        "dropoff": {"answer": "yes"},
        "photos": {"photos": [upload(picture())], "continue": "yes"},
        "preference": {"answer": "refund"},
        "description": {"answer": "Something."},
        "signature": {"answer": "Jane Doe"},
        "check": {},
    }

    at, walked = place_of(customer.begin(flow)), []
    while at in answers:
        page = customer.show(at)
        assert page.status_code == 200
        assert "<script" not in page.content.decode() or at == "signature"
        walked.append(at)
        at = place_of(customer.step(at, **answers[at]))

    assert walked == [step for step in plan.steps if step != "parcel"]
    claim = Claim.objects.get()
    assert at == str(claim.id)
    assert claim.flow == flow
    assert claim.reason in (plan.reason, plan.partial_reason)
    assert customer.get(f"/claims/{claim.id}").status_code == 200


def test_sent_twice_is_one_claim(shop):
    customer = Customer(delivered(shop))
    customer.begin("support")
    customer.step("photos", **{"continue": "yes"})
    customer.step("description", answer="Where is the manual?")

    first, second = customer.step("check"), customer.step("check")

    assert first.headers["Location"] == second.headers["Location"]
    assert Claim.objects.count() == 1
    assert Event.objects.filter(ref="claims/created").count() == 1


def test_what_was_said_survives_a_refusal_and_a_return(shop):
    customer = Customer(delivered(shop))
    customer.begin("dissatisfied")
    refused = customer.step("issue")
    customer.step("issue", answer="packaging")
    customer.step("photos", photos=[upload(picture(), "box.jpg")])
    bad = customer.step("photos", photos=[upload(SVG, "drawing.svg")], **{"continue": "yes"})
    customer.begin("dissatisfied")

    assert refused.status_code == 422
    assert "Choose one of the answers." in text_of(refused)
    assert refused.content.decode().count("<title>Error") == 1
    assert bad.status_code == 422
    assert "drawing.svg : The file is not a picture." in text_of(bad)
    assert "box.jpg" in bad.content.decode()
    assert ClaimDraft.objects.count() == 1
    assert customer.draft.answers["issue"] == "packaging"
    assert "checked" in customer.show("issue").content.decode()


def test_a_later_question_waits_for_the_ones_before(shop):
    customer = Customer(delivered(shop))
    customer.begin("defective")

    early = customer.show("check")
    sent = customer.step("check")

    assert (place_of(early), place_of(sent)) == ("issue", "issue")
    assert not Claim.objects.exists()


def test_at_least_one_product_has_to_be_chosen(shop):
    customer = Customer(delivered(shop))
    customer.begin("return")
    customer.step("issue", answer="too_small")

    none = customer.step("items", **{"item-0": "0", "item-1": "0"})
    many = customer.step("items", **{"item-0": "3", "item-1": "0"})

    assert "Choose at least one product." in text_of(none)
    assert many.status_code == 422


def test_the_parcel_is_asked_for_where_there_are_several(shop):
    order = place(shop, products=[], expected_number_of_shipments=2)
    fulfil(shop, order, "T1")
    fulfil(shop, order, "T2")
    scan(order, "SUCCESSFULLY_DELIVERED", number="T1")
    scan(order, "SUCCESSFULLY_DELIVERED", number="T2")
    second = Shipment.objects.get(tracking_number="T2")
    customer = Customer(order)

    assert place_of(customer.begin("dissatisfied")) == "parcel"
    assert place_of(customer.step("parcel", answer=str(second.id))) == "issue"
    foreign = Shipment.objects.get(order=delivered(shop, number="T9"))
    assert customer.step("parcel", answer=str(foreign.id)).status_code == 422
    assert customer.draft.shipment_id == second.id


def test_a_parcel_on_its_way_offers_support_only(shop):
    order = fulfil(shop, place(shop), "T1")

    assert offered(order) == {"support"}


def test_a_delivered_parcel_offers_all_within_its_days(shop):
    ClaimSettings.objects.create(shop=shop, complaint_days=20, return_days=5)

    assert offered(delivered(shop, number="T1")) == set(Flow)
    assert offered(delivered(shop, number="T2", days_ago=10)) == set(Flow) - {"return"}
    assert offered(delivered(shop, number="T3", days_ago=30)) == {"support"}


def test_not_received_is_offered_past_the_window_or_after_long_silence(shop):
    order = fulfil(shop, place(shop), "T1")
    shipments = Shipment.objects.filter(order=order)
    now = timezone.now()

    shipments.update(arrival_end=now + KEPT_FOR, arrival_source=ArrivalSource.CARRIER)
    before = offered(order)
    shipments.update(arrival_end=now - KEPT_FOR / 7)
    past = offered(order)
    shipments.update(arrival_end=None, arrival_source="", tracking_placed_at=now - KEPT_FOR)
    a_week = offered(order)
    shipments.update(tracking_placed_at=now - KEPT_FOR * 2)
    two_weeks = offered(order)

    assert [before, past, a_week, two_weeks] == [
        {"support"},
        {"support", "not_received"},
        {"support"},
        {"support", "not_received"},
    ]


def test_a_parcel_that_is_looked_for_is_not_reported_again(shop):
    order = delivered(shop)
    customer = Customer(order)
    customer.begin("not_received")
    for step, said in {
        "issue": "nothing_came",
        "dropoff": "no",
        "preference": "refund",
        "description": "",
        "signature": "Jane",
        "check": "",
    }.items():
        customer.step(step, answer=said)
    assert Claim.objects.count() == 1

    assert "not_received" not in offered(order)
    assert customer.begin("not_received").status_code == 409


def test_flows_are_switched_off_by_the_shop(shop):
    ClaimSettings.objects.create(shop=shop, flows_off=["return", "support"])
    order = delivered(shop)

    assert offered(order) == set(Flow) - {"return", "support"}
    assert Customer(order).begin("return").status_code == 409


def test_a_flow_that_was_switched_off_meanwhile_is_not_filed(shop):
    customer = Customer(delivered(shop))
    customer.begin("support")
    customer.step("photos", **{"continue": "yes"})
    customer.step("description", answer="Hello")
    ClaimSettings.objects.create(shop=shop, flows_off=["support"])

    response = customer.step("check")

    assert response.status_code == 409
    assert "Something has changed" in text_of(response)
    assert not Claim.objects.exists()


def test_a_cancelled_order_offers_nothing(shop):
    order = place(shop)
    Order.objects.filter(id=order.id).update(state="cancelled", cancelled_at=timezone.now())

    assert "There is nothing to report now" in text_of(Customer(order).get())


def test_the_order_page_tells_what_became_of_claims(shop):
    order = delivered(shop)
    customer = Customer(order)
    before = text_of(customer.get(""))
    customer.begin("support")
    customer.step("photos", **{"continue": "yes"})
    customer.step("description", answer="Hello")
    customer.step("check")
    after = text_of(customer.get(""))
    claim = Claim.objects.get()
    update_claim(claim, status="accepted", answer="We send a new one.")
    page = text_of(customer.get(f"/claims/{claim.id}"))

    assert "Report a problem" in before
    assert "I have another question about my order Sent to the shop" in after
    assert "Accepted" in page
    assert "We send a new one." in page
    assert claim.reference in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "The file is not a picture."),
        (bomb(), "million pixels"),
        (b"", "The file is empty."),
        (picture(size=(1200, 900))[:3000], "cut off"),
        (b"\xff\xd8\xff" + b"\0" * (13 * 1024 * 1024), "larger than 12 MB"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(shop, content, sentence):
    customer = Customer(delivered(shop))
    customer.begin("support")

    response = customer.step("photos", photos=[upload(content)])

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not ClaimPhoto.objects.exists()


def test_a_request_that_is_too_large_is_refused_unread(shop):
    customer = Customer(delivered(shop))
    customer.begin("support")

    response = customer.client.post(
        f"{customer.root}/claims/drafts/{customer.draft.id}/photos",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
    )

    assert response.status_code == 413
    assert "more than 64 MB at once" in text_of(response)


def test_photos_are_counted_and_the_same_one_is_kept_once(shop):
    customer = Customer(delivered(shop))
    customer.begin("support")
    same = picture(size=(50, 50))
    customer.step("photos", photos=[upload(same), upload(same)])
    assert ClaimPhoto.objects.count() == 1

    many = [upload(picture(size=(50, 60 + n)), f"{n}.jpg") for n in range(9)]
    response = customer.step("photos", photos=many)

    assert response.status_code == 422
    assert "At most 8 photos" in text_of(response)
    assert ClaimPhoto.objects.count() == 8


def test_a_photo_is_required_where_it_is_the_proof(shop):
    customer = Customer(delivered(shop))
    customer.begin("wrong_product")
    customer.step("issue", answer="other_product")
    customer.step("items", **{"item-0": "1"})

    response = customer.step("photos", **{"continue": "yes"})

    assert response.status_code == 422
    assert "Add at least one photo." in text_of(response)


def test_a_removed_photo_is_gone_with_its_file(shop):
    customer = Customer(delivered(shop))
    customer.begin("support")
    customer.step("photos", photos=[upload(picture())])
    photo = ClaimPhoto.objects.get()
    removing = f"/claims/drafts/{customer.draft.id}/photos/{photo.id}/remove"
    opened = customer.get(removing)
    assert opened.headers["Location"].endswith("/photos")
    assert default_storage.exists(photo.file.name)

    customer.post(removing)

    assert not ClaimPhoto.objects.exists()
    assert not default_storage.exists(photo.file.name)


def test_drafts_that_were_not_filed_are_forgotten_with_their_photos(shop):
    order = delivered(shop)
    customer = Customer(order)
    customer.begin("support")
    customer.step("photos", photos=[upload(picture())], **{"continue": "yes"})
    file = ClaimPhoto.objects.get().file.name
    assert forget_drafts() == 0
    ClaimDraft.objects.update(updated_at=timezone.now() - KEPT_FOR * 2)

    assert forget_drafts() == 1

    assert not ClaimDraft.objects.exists()
    assert not default_storage.exists(file)


def test_a_link_opens_no_claim_and_no_draft_of_another_order(shop):
    own, other = Customer(delivered(shop)), Customer(delivered(shop, number="T2"))
    other.begin("support")
    other.step("photos", photos=[upload(picture())], **{"continue": "yes"})
    draft, photo = other.draft, ClaimPhoto.objects.get()
    other.step("description", answer="Hello")
    paths = [
        f"/claims/drafts/{draft.id}/check",
        f"/claims/drafts/{draft.id}/photos/{photo.id}/remove",
    ]

    assert own.get(paths[0]).status_code == 404
    for path in paths:
        assert own.post(path).status_code == 404
    other.step("check")
    claim = Claim.objects.get()
    assert own.get(f"/claims/{claim.id}").status_code == 404
    assert other.get(f"/claims/{claim.id}").status_code == 200
    assert ClaimPhoto.objects.count() == 1


def test_the_questions_are_asked_in_the_customers_language(shop):
    page = Customer(delivered(shop), language="de").get()

    assert "Was stimmt nicht?" in text_of(page)
