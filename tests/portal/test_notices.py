"""The pages of notices: what is on, in which words, and every mail; and the customer's own page."""

import re

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.models import Audience, Mail, MailState, Notice, NoticeSettings, NoticeText
from notices.sending import MailSender
from notices.unsubscribing import is_unsubscribed, subscriber_of, unsubscribe_token
from shops.models import Role, Shop
from tests.factories import make_shop
from tests.notices.telling import CUSTOMER, parcel, report, switch_on
from tests.portal.pages import member_client, text_of
from webhooks.dispatch import dispatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(language="en")


@pytest.fixture
def admin(shop) -> Client:
    return member_client(shop, Role.ADMIN, email="boss@shop.example")


def notices(shop: Shop, rest: str = "") -> str:
    return f"/shops/{shop.slug}/notices{rest}"


DELIVERED = "/customers/shipment_delivered"


def sent_mail(shop: Shop) -> Mail:
    switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop)
    report(shipment)
    dispatch()
    MailSender().send_due()
    return Mail.objects.of(shop).get()


def test_notices_are_off_and_switched_on_and_off_together(shop, admin):
    assert "checked" not in admin.get(notices(shop)).content.decode()

    on = ["customers:shipment_delivered", "staff:claim_created", "customers:order_updated", "x"]
    admin.post(notices(shop), {"on": on})

    known = set(Notice.objects.of(shop).switched_on().values_list("audience", "event_group"))
    assert known == {("customers", "shipment_delivered"), ("staff", "claim_created")}
    page = admin.get(notices(shop)).content.decode()
    assert len(re.findall(r'value="([^"]+)" checked', page)) == 2
    since = Notice.objects.get(event_group="shipment_delivered").on_since
    admin.post(notices(shop), {"on": ["customers:shipment_delivered"]})
    assert Notice.objects.get(event_group="shipment_delivered").on_since == since
    assert not Notice.objects.get(event_group="claim_created").is_on


def test_a_text_is_overwritten_in_one_language_and_given_up_again(shop, admin):
    page = notices(shop, DELIVERED)
    assert "In the built-in words" in text_of(admin.get(page))

    admin.post(page, {"language": "de", "subject": "Da: {order_number}", "body": "{greeting}!"})

    assert "Da: {order_number}" in admin.get(page, {"language": "de"}).content.decode()
    assert "Your parcel has arrived" in admin.get(page, {"language": "en"}).content.decode()
    assert "Own text" in text_of(admin.get(notices(shop)))
    admin.post(f"{page}/reset", {"language": "de"})
    assert not NoticeText.objects.exists()


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("x", "{trackin_number}", "Did you mean {tracking_number}?"),
        ("x", "{qqqqqq}", "There is no {qqqqqq} here. There are: {arrival},"),
        ("x", "{order_number", "There is a single “{”. Write it twice"),
        ("x", "}", "There is a single “}”"),
        ("{claim_status}", "x", "There is no {claim_status} here"),
        ("x", "{order_page}", "There is no {order_page} here"),
        ("x", "{first_name.__class__}", "There is no {first_name.__class__} here"),
        ("x", "{{% include 'x' %}} {}", "There is no {} here"),
        ("x", "{ order_number }", "Did you mean {order_number}?"),
        ("  ", "x", "This field is required"),
    ],
)
def test_an_unknown_placeholder_is_refused_in_a_sentence(shop, admin, subject, body, said):
    sent = {"language": "en", "subject": subject, "body": body}

    refused = admin.post(notices(shop, DELIVERED), sent)
    preview = admin.post(notices(shop, f"{DELIVERED}/preview"), sent)

    assert said in text_of(refused)
    assert not NoticeText.objects.exists()
    assert "notice-wrong" in preview.content.decode()


def test_a_preview_shows_what_is_not_saved_yet_about_a_real_parcel(shop, admin):
    shipment = parcel(shop)
    sent = {
        "language": "de",
        "subject": "{{{order_number}}}",
        "body": "<script>x</script> {tracking_number}\n{pickup_place}\n{{ shop }} {% now 'Y' %}",
        "about": "0",
    }
    sent["body"] = sent["body"].replace("{% now 'Y' %}", "{{% now 'Y' %}}")

    response = admin.post(notices(shop, f"{DELIVERED}/preview"), sent)

    page = response.content.decode()
    assert f"{{{shipment.order.order_number}}}" in page
    assert "&amp;lt;script&amp;gt;" in page  # escaped in the mail, and once more in its frame
    assert "<script>" not in page
    assert "{ shop } {% now" in page
    assert shipment.tracking_number in page
    assert not NoticeText.objects.exists()
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy


def test_a_test_mail_goes_to_oneself(shop, admin):
    parcel(shop)

    response = admin.post(
        notices(shop, f"{DELIVERED}/test"), {"language": "de", "about": "0"}, follow=True
    )

    assert "boss@shop.example" in text_of(response)
    assert MailSender().send_due() == 1
    [message] = outbox.outbox
    assert (message.to, message.subject) == (
        ["boss@shop.example"],
        "[Test] Ihr Paket ist angekommen",
    )
    assert "Hallo Ada" in message.body


def test_settings_are_checked_and_kept(shop, admin):
    page = notices(shop, "/settings")
    wrong = {"staff_addresses": "a@x.example, b", "reply_to": "c", "stale_after_hours": "0"}
    refused = text_of(admin.post(page, {**wrong, "stale_after_hours": "5"}))
    assert "“b” is no e-mail address" in refused
    assert "“c” is no e-mail address" in refused
    assert "greater than or equal to 1" in text_of(admin.post(page, wrong))

    right = {"staff_addresses": "a@x.example\nb@x.example", "reply_to": "c@x.example"}
    admin.post(page, {**right, "stale_after_hours": "48"})

    kept = NoticeSettings.objects.get()
    assert (kept.staff_addresses, kept.reply_to) == (["a@x.example", "b@x.example"], "c@x.example")
    assert Shop.objects.get(id=shop.id).stale_after_hours == 48


def test_every_mail_is_listed_and_shown_as_it_was_sent(shop, admin):
    mail = sent_mail(shop)

    listed = text_of(admin.get(notices(shop, "/mails")))
    page = text_of(admin.get(notices(shop, f"/mails/{mail.id}")))
    content = admin.get(notices(shop, f"/mails/{mail.id}/content")).content.decode()

    for seen in (listed, page):
        assert mail.subject in seen
        assert CUSTOMER in seen
        assert "Sent" in seen
    assert "Hallo Ada" in content
    assert mail.subject not in text_of(admin.get(notices(shop, "/mails"), {"state": "failed"}))


def test_editors_read_mails_but_not_the_words_they_are_made_of(shop):
    mail = sent_mail(shop)
    editor = member_client(shop, Role.EDITOR)

    page = editor.get(notices(shop, f"/mails/{mail.id}")).content.decode()
    story = editor.get(f"/shops/{shop.slug}/orders/{mail.order_id}").content.decode()

    assert f'href="/shops/{shop.slug}/notices/mails"' in page
    assert f"{notices(shop)}/customers/" not in page
    assert f"/notices/mails/{mail.id}" in story
    assert (
        "/notices/mails"
        not in member_client(shop)
        .get(f"/shops/{shop.slug}/orders/{mail.order_id}")
        .content.decode()
    )


def test_a_mail_to_who_was_erased_says_so(shop, admin):
    mail = sent_mail(shop)
    Mail.objects.update(recipient="", subject="", text="", html="")

    for page in ("notices/mails", f"notices/mails/{mail.id}", f"orders/{mail.order_id}"):
        assert "an erased address" in text_of(admin.get(f"/shops/{shop.slug}/{page}"))


def test_a_mail_that_failed_is_sent_again_and_one_that_went_out_is_not(shop, admin):
    mail = sent_mail(shop)
    again = notices(shop, f"/mails/{mail.id}/again")
    assert "Only a mail that failed" in text_of(admin.post(again, follow=True))
    Mail.objects.update(state=MailState.UNSURE)

    admin.post(again)

    assert MailSender().send_due() == 1
    assert len(outbox.outbox) == 2


def test_the_list_of_mails_keeps_its_place_and_costs_the_same_for_many(
    shop, admin, django_assert_max_num_queries
):
    for number in range(70):
        Mail.objects.create(
            shop=shop,
            audience=Audience.CUSTOMERS,
            event_group="shipment_delivered",
            about_id=shop.id,
            recipient=f"{number:02}@x.example",
            is_test=True,
        )

    seen, address = [], notices(shop, "/mails")
    while address:
        with django_assert_max_num_queries(9):
            page = admin.get(address).content.decode()
        seen += re.findall(r"(\d\d)@x\.example", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older.group(1).replace("&amp;", "&") if older else ""

    assert seen == [f"{number:02}" for number in reversed(range(70))]


def test_pages_of_texts_cost_a_few_queries(shop, admin, django_assert_max_num_queries):
    sent_mail(shop)
    with django_assert_max_num_queries(13):
        admin.get(notices(shop))
    with django_assert_max_num_queries(10):
        admin.get(notices(shop, DELIVERED))


def test_mails_of_another_shop_are_not_found(admin, shop):
    mail = sent_mail(make_shop())

    for rest in ("", "/content"):
        assert admin.get(notices(shop, f"/mails/{mail.id}{rest}")).status_code == 404
    assert admin.post(notices(shop, f"/mails/{mail.id}/again")).status_code == 404


@pytest.mark.parametrize("rest", ["/customers/order_updated", "/nobody/order_placed", "/staff/x"])
def test_a_notice_that_does_not_exist_is_not_found(shop, admin, rest):
    assert admin.get(notices(shop, rest)).status_code == 404


def test_the_timeline_says_who_was_told_and_who_was_not(shop, admin):
    mail = sent_mail(shop)
    page = f"/shops/{shop.slug}/orders/{mail.order_id}"

    assert f"E-mail to the customer: “{mail.subject}” {CUSTOMER}" in text_of(admin.get(page))

    Mail.objects.update(state=MailState.SKIPPED, error="This address wants no e-mails.")
    assert "No e-mail to the customer" in text_of(admin.get(page))
    assert "wants no e-mails" in text_of(member_client(shop).get(page))

    away = "The mail server cannot be reached: [Errno 111] Connection refused"
    Mail.objects.update(state=MailState.WAITING, error=away)
    told = text_of(admin.get(page))
    assert "The mail server cannot be reached." in told
    assert "Errno" not in told
    assert "Errno 111" in text_of(admin.get(notices(shop, f"/mails/{mail.id}")))


def test_admins_see_that_the_mail_server_is_away(shop, admin):
    sent_mail(shop)
    Mail.objects.update(
        state=MailState.WAITING, error="The mail server cannot be reached: x", finished_at=None
    )

    assert "The mail server cannot be reached" in text_of(admin.get(notices(shop)))


def test_one_click_unsubscribes_without_a_cookie_and_once_more_changes_nothing(shop):
    url = reverse("unsubscribe", args=[unsubscribe_token(shop.id, CUSTOMER)])
    stranger = Client(enforce_csrf_checks=True)

    for _ in range(2):
        response = stranger.post(url, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not response.cookies
    digest = subscriber_of(url.rsplit("/", 1)[1]).digest
    assert is_unsubscribed(shop, digest)
    assert not is_unsubscribed(make_shop(), digest)


def test_reading_the_page_changes_nothing_and_it_can_be_taken_back(shop):
    token = unsubscribe_token(shop.id, "Ada@Customer.example ")
    url, digest = reverse("unsubscribe", args=[token]), subscriber_of(token).digest
    assert "No more e-mails?" in text_of(Client().get(url))
    assert not is_unsubscribed(shop, digest)

    Client().post(url)
    assert "You get no more e-mails" in text_of(Client().get(url))
    Client().post(url, {"again": "1"})

    assert not is_unsubscribed(shop, digest)
    assert unsubscribe_token(shop.id, CUSTOMER) == token


@pytest.mark.parametrize(
    ("asked", "spoken"), [("", "de"), ("en-GB,de;q=0.5", "en"), ("fr,de;q=0.5", "de"), ("fr", "de")]
)
def test_the_page_speaks_the_browsers_language_or_the_shops(asked, spoken):
    shop = make_shop(language="de")
    url = reverse("unsubscribe", args=[unsubscribe_token(shop.id, CUSTOMER)])

    page = Client().get(url, headers={"Accept-Language": asked}).content.decode()

    assert f'lang="{spoken}"' in page
    assert ("Keine E-Mails mehr" in page) == (spoken == "de")


@pytest.mark.parametrize("position", [0, 22, 50, 70, 79])
def test_a_changed_token_opens_nothing(shop, position):
    token = unsubscribe_token(shop.id, CUSTOMER)
    other = "A" if token[position] != "A" else "B"
    changed = token[:position] + other + token[position + 1 :]

    for wrong in (changed, token[:-1], "x", "ü" * 80, "=" * 80):
        assert Client().get(f"/unsubscribe/{wrong}").status_code == 404
        assert subscriber_of(wrong) is None


def test_an_old_key_still_opens_its_links(shop, settings):
    settings.ENCRYPTION_KEYS = ["old"]
    token = unsubscribe_token(shop.id, CUSTOMER)
    settings.ENCRYPTION_KEYS = ["new", "old"]
    assert subscriber_of(token) is not None
    settings.ENCRYPTION_KEYS = ["new"]

    assert subscriber_of(token) is None


def test_unsubscribing_outlives_the_order_and_the_keys(shop, settings):
    """What is kept is a digest of the address, under no key."""
    token = unsubscribe_token(shop.id, CUSTOMER)
    Client().post(reverse("unsubscribe", args=[token]))
    settings.ENCRYPTION_KEYS = ["a new one"]
    switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop, order_placed_at=timezone.now().isoformat())
    report(shipment)
    dispatch()

    assert MailSender().send_due() == 0
    assert Mail.objects.get().state == "skipped"
