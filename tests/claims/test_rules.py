"""Rules decide the simple claims, say why, and can be tried before they do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from claims.dry_run import dry_run
from claims.mails import send_mails
from claims.models import Claim, ClaimEntry, ClaimRule, ClaimStatus, EntryKind
from claims.rule_book import delete_rule, move_rule, save_rule
from claims.rules import RuleFacts, Unmet, ask_rule
from claims.services import delete_claim, update_claim
from events.models import Event
from shops.models import Shop
from tests.factories import fulfil, make_claim, make_shop, place

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ITEM = {"sku": "A", "title": "Lamp", "quantity": 2, "net_price": 10.5, "image_urls": []}


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def make_rule(shop: Shop, **fields: object) -> ClaimRule:
    fields = {"name": "Rule", "decision": "accept", **fields}
    return save_rule(shop, ClaimRule(shop=shop, **fields))


def ship(shop: Shop, number: str = "T1", **order: object):
    return fulfil(shop, place(shop, **{"email_id": "jane@example.com", **order}), number)


def facts(**said: object) -> RuleFacts:
    return RuleFacts(
        **{
            "reason": "damage",
            "flow": "",
            "amount": Decimal(20),
            "currency": "EUR",
            "photos": 0,
            "earlier": [],
            "at": NOW,
            **said,
        }
    )


@pytest.mark.parametrize(
    ("rule", "said", "unmet"),
    [
        ({}, {}, None),
        ({"reasons": ["damage", "return"]}, {}, None),
        ({"reasons": ["return"]}, {}, Unmet.REASON),
        ({"flows": ["return"]}, {"flow": "return"}, None),
        ({"flows": ["return"]}, {}, Unmet.FLOW),
        ({"most_amount": Decimal(20), "currency": "EUR"}, {}, None),
        ({"most_amount": Decimal("19.99"), "currency": "EUR"}, {}, Unmet.AMOUNT),
        ({"most_amount": Decimal(20), "currency": "EUR"}, {"currency": "USD"}, Unmet.CURRENCY),
        ({"most_amount": Decimal(20)}, {"amount": None}, Unmet.AMOUNT_UNKNOWN),
        ({"most_earlier": 0}, {}, None),
        ({"most_earlier": 0}, {"earlier": [NOW - timedelta(days=9)]}, Unmet.TOO_MANY_EARLIER),
        ({"most_earlier": 0}, {"earlier": [NOW - timedelta(days=11)]}, None),
        ({"most_earlier": 0}, {"earlier": None}, Unmet.CUSTOMER_UNKNOWN),
        ({"least_earlier": 1}, {}, Unmet.TOO_FEW_EARLIER),
        ({"least_earlier": 1}, {"earlier": [NOW]}, None),
        ({"needs_photo": True}, {}, Unmet.PHOTO),
        ({"needs_photo": True}, {"photos": 1}, None),
    ],
)
def test_each_condition_holds_or_says_why_not(rule, said, unmet):
    asked = ClaimRule(**{"name": "R", "decision": "accept", "earlier_days": 10, **rule})

    finding = ask_rule(asked, facts(**said))

    assert [why for why, _ in finding.unmet] == ([unmet] if unmet else [])


def test_the_first_rule_that_fits_decides_and_the_history_says_why(shop):
    make_rule(shop, name="Returns", reasons=["return"])
    make_rule(shop, name="Small", most_amount=Decimal(30), answer="We send the money back.")
    make_rule(shop, name="All", decision="reject")

    claim = make_claim(ship(shop), selected_items=[ITEM])

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.ACCEPTED
    assert claim.amount == 21
    ruled = ClaimEntry.objects.get(kind=EntryKind.RULED)
    assert (ruled.text, ruled.actor, ruled.details["decision"]) == ("Small", "rules", "accept")
    assert ruled.details["findings"] == [
        {
            "rule": "Returns",
            "decision": "accept",
            "holds": False,
            "unmet": [{"condition": "reason", "has": "damage"}],
        },
        {"rule": "Small", "decision": "accept", "holds": True, "unmet": []},
    ]
    refs = Event.objects.of(shop).filter(source="claims").order_by("created_at", "id")
    assert [event.ref for event in refs] == ["claims/created", "claims/updated"]
    assert [event.event_data["status"] for event in refs] == ["pending", "accepted"]
    send_mails()
    [sent] = mail.outbox
    assert sent.to == ["jane@example.com"]
    assert "We send the money back." in sent.body


def test_a_rule_can_leave_it_to_people_and_so_stop_the_others(shop):
    make_rule(shop, name="Look", decision="leave", least_earlier=1)
    make_rule(shop, name="All")
    order = ship(shop)

    first, second = make_claim(order), make_claim(order, reason="return")

    assert Claim.objects.get(id=first.id).status == ClaimStatus.ACCEPTED
    assert Claim.objects.get(id=second.id).status == ClaimStatus.PENDING


def test_switched_off_rules_and_those_of_other_shops_decide_nothing(shop):
    make_rule(shop, is_active=False)
    make_rule(make_shop())

    claim = make_claim(ship(shop))

    assert claim.status == ClaimStatus.PENDING
    assert not ClaimEntry.objects.filter(kind=EntryKind.RULED).exists()


def test_repeat_claimants_are_known_by_their_address_in_any_order_of_theirs(shop):
    make_rule(shop, most_earlier=1)
    for number in range(2):
        make_claim(ship(shop, f"T{number}", email_id="Jane@Example.com"))
    make_claim(ship(make_shop(), email_id="jane@example.com"))

    third = make_claim(ship(shop, "T9"))
    other = make_claim(ship(shop, "T8", email_id="joe@example.com"))

    assert [third.status, other.status] == [ClaimStatus.PENDING, ClaimStatus.ACCEPTED]


def test_deleted_claims_count_against_nobody(shop):
    make_rule(shop, most_earlier=0)
    delete_claim(make_claim(ship(shop)))

    assert make_claim(ship(shop, "T2")).status == ClaimStatus.ACCEPTED


def test_rules_are_moved_and_deleted(shop):
    rules = [make_rule(shop, name=name) for name in "abc"]

    move_rule(shop, rules[2].id, is_up=True)
    move_rule(shop, rules[0].id, is_up=True)
    move_rule(shop, rules[1].id, is_up=False)
    names = [rule.name for rule in ClaimRule.objects.of(shop)]
    delete_rule(shop, rules[0].id)

    assert names == ["a", "c", "b"]
    assert [rule.name for rule in ClaimRule.objects.of(shop)] == ["c", "b"]


def test_a_dry_run_says_what_the_rule_would_have_decided_and_decides_nothing(shop):
    order = ship(shop)
    accepted, rejected, pending = [make_claim(order, description=str(n)) for n in range(3)]
    update_claim(accepted, status=ClaimStatus.ACCEPTED)
    update_claim(rejected, status=ClaimStatus.REJECTED)
    other = make_claim(order, reason="return")
    deleted = delete_claim(make_claim(order, description="deleted"))
    old = make_claim(order, description="old")
    Claim.objects.filter(id=old.id).update(created_at=timezone.now() - timedelta(days=91))
    test = make_claim(order, description="test")
    Claim.objects.filter(id=test.id).update(is_test=True)
    rule = ClaimRule(shop=shop, name="Damages", decision="accept", reasons=["damage"])

    tried = dry_run(rule, shop, at=timezone.now())

    assert (tried.asked, tried.decided) == (4, 3)
    assert (tried.agreed, tried.contradicted, tried.spared) == (1, 1, 1)
    assert {claim.id for claim in tried.samples} == {accepted.id, rejected.id, pending.id}
    assert other.id not in {claim.id for claim in tried.samples}
    assert deleted.deleted_at is not None
    assert Claim.objects.get(id=pending.id).status == ClaimStatus.PENDING


def test_a_dry_run_counts_the_customers_claims_as_they_were_then(shop):
    order = ship(shop)
    claims = [make_claim(order, description=str(n)) for n in range(3)]
    rule = ClaimRule(shop=shop, name="Twice", decision="reject", least_earlier=2, earlier_days=9)

    tried = dry_run(rule, shop, at=timezone.now())

    assert [claim.id for claim in tried.samples] == [claims[2].id]


def test_a_dry_run_costs_as_many_queries_for_one_as_for_many(shop, django_assert_num_queries):
    order = ship(shop)
    make_claim(order)
    rule = ClaimRule(shop=shop, name="All", decision="accept")
    with django_assert_num_queries(3):
        dry_run(rule, shop, at=timezone.now())
    for number in range(10):
        make_claim(order, description=str(number))

    with django_assert_num_queries(3):
        assert dry_run(rule, shop, at=timezone.now()).asked == 11
