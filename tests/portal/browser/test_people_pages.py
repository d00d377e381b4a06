"""Pages of people, keys, jobs and orders by hand: rules of accessibility, narrow, in German."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from jobs.models import Job
from jobs.work import work_off
from portal.jobs.kinds import KINDS
from shops.invitations import invite
from shops.models import Membership, Role
from tests.factories import PASSWORD, fulfil, make_key, make_member, make_shop, place
from tests.portal.browser.test_accessible import violations
from tests.portal.browser.visits import log_in, overflow

pytestmark = pytest.mark.django_db(transaction=True)

OF_SHOP = (
    "settings",
    "members",
    "keys",
    "audit",
    "audit?kind=nonsense",
    "jobs",
    "jobs/{job}",
    "orders/new",
    "orders/{order}/edit",
    "orders/{order}/tracking",
)
OF_ACCOUNT = (
    "/password",
    "/account/sessions",
    "/account/second-factor/",
    "/account/second-factor/totp/activate/",
    "/account/second-factor/webauthn/add/",
    "/account/second-factor/recovery-codes/generate/",
)


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def admin(shop):
    return make_member(shop, email="somebody-with-a-long-name@subdomain.example.com")


def log_in_by_hand(page, user):
    """The pages that ask for a password again want to have seen it."""
    page.goto("/login")
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/shops/**")


def faults(page, paths):
    """Wide and narrow, each page's violations and by how much it overflows."""
    found = {}
    for path in paths:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            answer = page.goto(path)
            for summary in page.locator("main summary").all():
                summary.click()
            wrong = [*violations(page), *(["too wide"] if overflow(page) > 0 else [])]
            if answer.status != 200 or wrong:
                found[path, width] = answer.status, wrong
    return found


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_of_a_shop_break_no_rule(page, context, client, live_server, shop, admin, colours):
    order = place(shop)
    stuck = fulfil(shop, place(shop), "1Z999AA10123456784")
    make_key(shop)
    other = make_member(shop, Role.VIEWER, email="viewer@example.com")
    invite(shop, email="new@example.com", role=Role.EDITOR, invited_by=admin)
    client.force_login(admin)
    membership = Membership.objects.get(user=other)
    client.post(f"/shops/{shop.slug}/members/{membership.id}/role", {"role": "editor"})
    ticked = {"order": [order.id, stuck.id], "confirmed": "on"}
    client.post(f"/shops/{shop.slug}/orders/cancel", ticked)
    work_off(KINDS, seconds=10)
    names = {"job": Job.objects.get().id, "order": place(shop).id}
    page.emulate_media(color_scheme=colours)
    context.set_extra_http_headers({"Accept-Language": "de"})
    log_in(context, live_server.url, admin)

    assert not faults(page, [f"/shops/{shop.slug}/{path.format(**names)}" for path in OF_SHOP])


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_of_an_account_break_no_rule(page, context, admin, colours):
    page.emulate_media(color_scheme=colours)
    context.set_extra_http_headers({"Accept-Language": "de"})
    forgotten = faults(page, ["/account/password/forgotten"])
    log_in_by_hand(page, admin)
    without = faults(page, OF_ACCOUNT[:5])
    TOTP.activate(admin, generate_totp_secret())

    assert not forgotten | without | faults(page, OF_ACCOUNT[2:])


def test_somebody_is_invited_by_keyboard_alone(page, context, live_server, shop, admin):
    log_in(context, live_server.url, admin)
    page.goto(f"/shops/{shop.slug}/members")
    page.get_by_label("E-mail address").focus()

    page.keyboard.type("new@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_text("/invitations/").first.wait_for()
