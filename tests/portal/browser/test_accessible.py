from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe

from intake.test_parcels import send_test_parcel
from jobs.services import start_job
from jobs.work import work_off
from notices.models import Audience
from notices.sending import MailSender
from notices.services import send_test_mail
from notices.unsubscribing import unsubscribe_token
from portal.jobs.kinds import KINDS, TRY_IMPORT
from portal.sheets.services import attach_job, keep_file, match_columns
from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import Aggregator, CarrierConnection
from shipments.feeds.simulator.stories import STORIES, Speed
from tests.factories import make_member, make_shop
from tests.portal.browser.visits import log_in, overflow, place_varied
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_break_no_rule_of_accessibility(page, context, live_server, colours):
    shop = make_shop()
    user = make_member(shop, is_staff=True)
    order = place_varied(shop)
    send_test_parcel(shop, story=STORIES["lost"], speed=Speed.AS_IT_IS)
    connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
    CarrierConnection.objects.update(last_trouble="No answer in time.")
    connect_aggregator(shop, aggregator=Aggregator.EASYPOST, secret="s")
    file = BytesIO(b"order_number,city,city\nplain,Berlin,\nnew,Berlin,\n")
    kept = keep_file(shop, file, name="orders.csv", size=60)
    match_columns(kept, ["order_number", "city", ""])
    trial = start_job(shop, kind=TRY_IMPORT, asked={"import": str(kept.id), "language": "en"})
    attach_job(kept, trial)
    work_off(KINDS, seconds=30)
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    delivery = send_test(webhook, "shipments/delivered/SUCCESSFULLY_DELIVERED")
    mail = send_test_mail(
        shop,
        audience=Audience.CUSTOMERS,
        group="shipment_delivered",
        language="en",
        recipient="a@shop.example",
        order_id=order.id,
    )
    MailSender().send_due()
    page.emulate_media(color_scheme=colours)
    page.goto("/login")
    found = {"/login": violations(page)}
    log_in(context, live_server.url, user)

    for path in (
        f"/shops/{shop.slug}/orders",
        f"/shops/{shop.slug}/orders?q=nothing",
        f"/shops/{shop.slug}/orders/{order.id}",
        f"/shops/{shop.slug}/orders/import",
        f"/shops/{shop.slug}/orders/import/{kept.id}",
        f"/shops/{shop.slug}/jobs/{trial.id}",
        f"/shops/{shop.slug}/orders/{order.id}/parcels/{order.shipments.first().id}/split",
        f"/shops/{shop.slug}/events/catalogue",
        f"/shops/{shop.slug}/events/catalogue?q=no-such-event",
        f"/shops/{shop.slug}/test-parcels",
        f"/shops/{shop.slug}/feeds",
        f"/shops/{shop.slug}/feeds/carriers/ups",
        f"/shops/{shop.slug}/events",
        f"/shops/{shop.slug}/webhooks",
        f"/shops/{shop.slug}/webhooks/new",
        f"/shops/{shop.slug}/webhooks/signature",
        f"/shops/{shop.slug}/webhooks/{webhook.id}",
        f"/shops/{shop.slug}/webhooks/{webhook.id}/replay?start=2026-01-01T00:00",
        f"/shops/{shop.slug}/webhooks/{webhook.id}/deliveries/{delivery.id}",
        f"/shops/{shop.slug}/notices",
        f"/shops/{shop.slug}/notices/customers/shipment_delivered",
        f"/shops/{shop.slug}/notices/mails",
        f"/shops/{shop.slug}/notices/mails/{mail.id}",
        f"/unsubscribe/{unsubscribe_token(shop.id, 'a@shop.example')}",
        "/password",
    ):
        page.goto(path)
        for summary in page.locator("summary").all():
            summary.click()
        found[path] = violations(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"/shops/{shop.slug}/orders")
    found["360 px"] = violations(page)
    for path in ("test-parcels", "feeds", "notices", "notices/mails", f"notices/mails/{mail.id}"):
        page.goto(f"/shops/{shop.slug}/{path}")
        assert overflow(page) <= 0
    page.goto(f"/shops/{shop.slug}/events/catalogue?language=de")
    found["360 px, events"] = violations(page)

    assert not any(found.values()), found


def violations(page):
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
    ]
