"""The console of webhooks: what admins see, and what they can repair."""

import re
from base64 import b64decode
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.webhooks.faults import plain_fault
from portal.webhooks.signature import check_signature
from shops.models import Role, Shop
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, text_of
from tests.webhooks.facts import record_attempt, record_fact
from webhooks.dispatch import dispatch
from webhooks.health import disable
from webhooks.inbox import INBOX
from webhooks.models import Attempt, Delivery, DeliveryState, DisabledReason, Replay, Webhook
from webhooks.replay import run_replays
from webhooks.samples import send_test
from webhooks.services import create_webhook
from webhooks.signing import signature_headers

pytestmark = pytest.mark.django_db

URL = "https://203.0.114.1/hook"


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def admin(shop):
    return member_client(shop, Role.ADMIN)


@pytest.fixture
def webhook(shop) -> Webhook:
    return create_webhook(shop, url=URL)[0]


def path_of(webhook: Webhook, rest: str = "") -> str:
    return f"/shops/{webhook.shop.slug}/webhooks/{webhook.id}{rest}"


def test_the_secret_of_a_new_webhook_is_shown_once(shop, admin):
    said = {"url": URL, "enabled_events": "claims\nshipment_delivered", "description": "ours"}

    response = admin.post(f"/shops/{shop.slug}/webhooks/new", said)

    [secret] = re.findall(r"<code>(whsec_[^<]+)</code>", response.content.decode())
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    webhook = Webhook.objects.of(shop).get()
    assert webhook.enabled_events == ["claims", "shipment_delivered"]
    for path in (path_of(webhook), path_of(webhook, "/edit")):
        assert secret not in admin.get(path).content.decode()
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"url": ""}, "This field is required."),
        ({"url": "https://10.0.0.1/"}, "leads to an address that is not public"),
        ({"url": URL, "enabled_events": "shipment_deliverd"}, "is neither “*”"),
        ({"url": URL, "secret": "short"}, "at least 16 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(shop, admin, said, complaint):
    response = admin.post(f"/shops/{shop.slug}/webhooks/new", said)

    assert complaint in text_of(response)
    assert not Webhook.objects.exists()


def test_the_list_and_the_page_say_how_it_goes(shop, admin, webhook, django_assert_num_queries):
    delivery = send_test(webhook, "orders/placed")
    for is_success in (True, True, False):
        status = 200 if is_success else 500
        record_attempt(delivery, status=status, latency=40, is_success=is_success)

    shown = text_of(admin.get(f"/shops/{shop.slug}/webhooks"))
    page = text_of(admin.get(path_of(webhook)))

    assert "66.6 %" in shown
    assert "40 ms" in shown
    assert "66.6 % of 3 attempts" in page
    assert "orders/placed test" in page


def test_a_list_of_webhooks_costs_as_much_for_many_as_for_one(
    shop, admin, webhook, django_assert_max_num_queries
):
    for _ in range(5):
        create_webhook(shop, url=URL)
    with django_assert_max_num_queries(10):
        admin.get(f"/shops/{shop.slug}/webhooks")


def test_a_delivery_shows_each_attempt_and_is_sent_again(shop, admin, webhook):
    delivery = send_test(webhook, "shipments/delivered/SUCCESSFULLY_DELIVERED")
    record_attempt(
        delivery,
        request_headers={"Karla-Signature": "t=1,v1=ab"},
        status=503,
        response_headers={"x-why": "<lunch>"},
        response_body="too <busy>",
        is_success=False,
    )
    Delivery.objects.update(state=DeliveryState.FAILED, attempts=10, next_attempt_at=None)
    path = path_of(webhook, f"/deliveries/{delivery.id}")

    page = admin.get(path).content.decode()
    admin.post(f"{path}/resend")

    assert "too &lt;busy&gt;" in page
    assert "x-why: &lt;lunch&gt;" in page
    assert "curl --request POST" in page
    again = Delivery.objects.get()
    assert (again.state, again.retries) == (DeliveryState.PENDING, 0)
    assert again.next_attempt_at <= timezone.now()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("[Errno 111] Connect call failed ('127.0.0.1', 9)", "nothing listens"),
        ("[Errno 104] Connection reset by peer", "was cut"),
        ("Server disconnected", "was cut"),
        ("[Errno -2] Name or service not known", "leads nowhere"),
        ("[Errno -3] Temporary failure in name resolution", "could not be looked up"),
        ("[Errno 113] Connect call failed ('10.0.0.1', 9)", "No network leads"),
        ("Connection timeout to host https://x.example/", "in time"),
        ("No response within 15 seconds.", "in time"),
        ("No connection within 5 seconds.", "in time"),
        ("The response is not HTTP: Bad status line", "not speak HTTP"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "certificate"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "TLS"),
        ("The address 10.0.0.1 is not public.", "not public"),
        ("The address 10.0.0.1 may not be reached without TLS.", "Without TLS"),
        ("No key in ENCRYPTION_KEYS decrypts what is stored.", "make a new one"),
        ("something nobody foresaw", ""),
    ],
)
def test_what_kept_an_endpoint_from_answering_is_said_in_words(said, words):
    assert words in plain_fault(said)
    assert bool(words) == bool(plain_fault(said))


def test_the_test_inbox_shows_what_came_and_gives_way_to_an_endpoint(shop, admin):
    said = {"url": "", "to_inbox": "on", "enabled_events": ""}
    made = text_of(admin.post(f"/shops/{shop.slug}/webhooks/new", said))
    webhook = Webhook.objects.of(shop).get()
    assert webhook.url == INBOX
    assert "It signs what is sent to Test inbox" in made
    assert "Nothing came yet" in text_of(admin.get(path_of(webhook)))
    delivery = send_test(webhook, "orders/placed")
    attempt = record_attempt(delivery, request_headers={"Karla-Signature": "t=1,v1=ab"}, status=200)

    page = text_of(admin.get(path_of(webhook)))
    command = text_of(admin.get(path_of(webhook, f"/deliveries/{delivery.id}")))
    Attempt.objects.filter(id=attempt.id).update(status=401, is_success=False)
    wrong = text_of(admin.get(path_of(webhook)))
    admin.post(path_of(webhook, "/edit"), {"url": URL, "enabled_events": "claims"})

    assert "Signature is right" in page
    assert "Karla-Signature: t=1,v1=ab" in page
    assert '"ref": "orders/placed"' in page
    assert "curl --request POST http://localhost" in command
    assert "Signature is wrong" in wrong
    webhook.refresh_from_db()
    assert (webhook.url, webhook.enabled_events) == (URL, ["claims"])
    assert "Test inbox" not in text_of(admin.get(path_of(webhook)))


def test_a_replay_is_previewed_and_then_sends_what_was_previewed(shop, admin):
    fulfil(shop, place(shop), "T1")
    dispatch()  # before there is a webhook
    webhook, _ = create_webhook(shop, url=URL, enabled_events=["orders"])
    window = {
        "start": (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "only_undelivered": "on",
    }

    preview = text_of(admin.get(path_of(webhook, "/replay"), window))
    assert not Replay.objects.exists()
    admin.post(path_of(webhook, "/replay"), window)
    run_replays()

    assert "2 deliveries would be sent" in preview
    assert "2 of events it was not told of yet" in preview
    refs = Delivery.objects.values_list("message__ref", flat=True)
    assert sorted(refs) == ["orders/fulfilled", "orders/placed"]
    replay = Replay.objects.get()
    assert (replay.state, replay.sent) == ("done", 2)
    admin.post(path_of(webhook, "/delete"))
    assert not Webhook.objects.exists()


def test_pausing_rotating_testing_and_deleting(shop, admin, webhook):
    admin.post(path_of(webhook, "/switch"), {"status": "inactive"})
    assert Webhook.objects.get().status == "inactive"
    refused = admin.post(path_of(webhook, "/test"), {"event": "orders/placed"}, follow=True)
    assert "activate it first" in text_of(refused)
    admin.post(path_of(webhook, "/switch"), {"status": "active"})
    assert "whsec_" in admin.post(path_of(webhook, "/rotate")).content.decode()
    assert Webhook.objects.get().previous_secret
    admin.post(path_of(webhook, "/test"), {"event": "claims/created"})
    assert Delivery.objects.get().message.is_test
    admin.post(path_of(webhook, "/delete"))
    assert not Webhook.objects.exists()


def test_the_next_try_of_a_resting_webhook_is_when_it_has_rested(shop, admin, webhook):
    record_fact(shop)
    dispatch()
    due = timezone.now() - timedelta(seconds=5)
    Delivery.objects.update(attempts=1, next_attempt_at=due)
    at_once = text_of(admin.get(path_of(webhook)))
    Webhook.objects.update(rests=3, resting_until=timezone.now() + timedelta(minutes=4, seconds=30))
    delivery = Delivery.objects.get()

    resting = [
        text_of(admin.get(path_of(webhook, tail))) for tail in ("", f"/deliveries/{delivery.id}")
    ]

    assert "at once" in at_once
    for page in resting:
        assert "in 5 minutes" in page or "in 4 minutes" in page
        assert "at once" not in page


def test_admins_see_on_every_page_that_a_webhook_was_switched_off(shop, admin, webhook):
    disable(webhook, DisabledReason.GONE)

    said = "was switched off: Its endpoint answered 410 Gone"
    assert said in text_of(admin.get(f"/shops/{shop.slug}/orders"))
    assert said not in text_of(member_client(shop, Role.EDITOR).get(f"/shops/{shop.slug}/orders"))


def test_the_event_browser_finds_by_path_and_by_group(shop, admin, webhook):
    fulfil(shop, place(shop, order_number="A-1"), "T1")
    dispatch()
    events = f"/shops/{shop.slug}/events"

    everything = text_of(admin.get(events))
    arrivals = text_of(admin.get(events, {"events": "shipment_pre_transit"}))
    mistyped = text_of(admin.get(events, {"events": "shipment_pre_transitt"}))

    assert "Order placed A-1 orders/placed" in everything
    assert URL in everything
    said = "Tracking number attached T1 shipments/order_processed/ORDER_IN_PROCESSING"
    assert said in arrivals
    assert "orders/placed" not in arrivals
    assert "is neither “*”" in mistyped
    assert URL not in text_of(member_client(shop, Role.VIEWER).get(events))


def test_a_signature_is_checked_and_the_secret_kept_nowhere(shop, admin):
    body = '{"a":\n1}'
    header = signature_headers(
        body.encode(), message_id="m", secrets=["0123456789abcdef"], timestamp=1_700_000_000
    )["Karla-Signature"]

    right = check_signature(header, "0123456789abcdef", body.replace("\n", "\r\n"))
    wrong = check_signature(header, "0123456789abcdeX", body)
    page = admin.post(
        f"/shops/{shop.slug}/webhooks/signature",
        {"header": header, "secret": "0123456789abcdef", "body": body},
    )

    assert right.is_right
    assert "older than 300 seconds" in right.text
    assert not wrong.is_right
    assert "The signature is right" in text_of(page)


@pytest.mark.parametrize("header", ["", "t=1", "v1=ab", "t=x,v1=ab", "t=²,v1=ab", "t=1,t=2,v1=a"])
def test_a_header_of_another_form_is_named_as_such(header):
    assert "not of the form" in check_signature(header, "s" * 16, "{}").text
