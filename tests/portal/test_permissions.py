"""Who gets what from every page: a URL without a row here fails."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ClaimRule
from engagement.announcements import announce
from intake.test_parcels import send_test_parcel
from jobs.services import start_job
from notices.models import Audience
from notices.services import send_test_mail
from orders.models import Order
from portal.models import SavedFilter, SavedRoom
from portal.urls import urlpatterns
from privacy.requests import ask_for_export
from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import Aggregator
from shipments.feeds.simulator.stories import STORIES, Speed
from shops.invitations import invite
from shops.models import Role, Shop
from tests.factories import (
    make_campaign,
    make_claim,
    make_discount,
    make_key,
    make_member,
    make_shop,
    place,
)
from tests.portal.pages import member_client
from tests.portal.sheets_pages import kept_file
from webhooks.models import Webhook
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db

LOG_IN = 302


@dataclass(frozen=True, kw_only=True)
class Row:
    arguments: Callable[[Shop, Order], dict[str, object]] = lambda shop, order: {}
    method: str = "get"
    anonymous: int
    stranger: int
    """Logged in, but no member of this shop."""
    viewer: int
    editor: int | None = None
    """Said where an editor gets something else than a viewer, and an admin than an editor."""


def _shop(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug}


def _order(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug, "order_id": order.id}


def _webhook(shop: Shop, order: Order) -> dict[str, object]:
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    return {"slug": shop.slug, "webhook_id": webhook.id}


def _delivery(shop: Shop, order: Order) -> dict[str, object]:
    arguments = _webhook(shop, order)
    webhook = Webhook.objects.of(shop).get(id=arguments["webhook_id"])
    return {**arguments, "delivery_id": send_test(webhook, "orders/placed").id}


def _parcel(shop: Shop, order: Order) -> dict[str, object]:
    return {"shipment_id": order.shipments.get().id, **_order(shop, order)}


def _shipment(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug, "shipment_id": order.shipments.get().id}


def _saved(shop: Shop, order: Order) -> dict[str, object]:
    saved = SavedFilter.objects.create(shop=shop, name="Late", query="flag=delay")
    return {"slug": shop.slug, "filter_id": saved.id}


def _saved_of_orders(shop: Shop, order: Order) -> dict[str, object]:
    saved = SavedFilter.objects.create(shop=shop, room=SavedRoom.ORDERS, name="A", query="q=a")
    return {"slug": shop.slug, "filter_id": saved.id}


def _view(shop: Shop, order: Order) -> dict[str, object]:
    saved = SavedFilter.objects.create(
        shop=shop, room=SavedRoom.ANALYTICS, name="Claims", query="part=claims"
    )
    return {"slug": shop.slug, "filter_id": saved.id}


def _simulation(shop: Shop, order: Order) -> dict[str, object]:
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
    return {"simulation_id": simulation.id, **_shop(shop, order)}


def _aggregator(shop: Shop, order: Order) -> dict[str, object]:
    connection, _ = connect_aggregator(shop, aggregator=Aggregator.AFTERSHIP, secret="s")
    return {"connection_id": connection.id, **_shop(shop, order)}


def _carrier(shop: Shop, order: Order) -> dict[str, object]:
    connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
    return {"carrier": "dhl", **_shop(shop, order)}


def _campaign(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug, "campaign_id": make_campaign(shop).id}


def _discount(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug, "discount_id": make_discount(shop).id}


def _member(shop: Shop, order: Order) -> dict[str, object]:
    make_member(shop)
    return {"slug": shop.slug, "membership_id": shop.memberships.latest("created_at").id}


def _invitation(shop: Shop, order: Order) -> dict[str, object]:
    asked = invite(shop, email="n@example.com", role=Role.VIEWER, invited_by=make_member(shop))
    return {"slug": shop.slug, "invitation_id": asked.invitation.id}


def _key(shop: Shop, order: Order) -> dict[str, object]:
    key, _ = make_key(shop)
    return {"slug": shop.slug, "key_id": key.id}


def _claim(shop: Shop, order: Order) -> dict[str, object]:
    return {"slug": shop.slug, "claim_id": make_claim(order).id}


def _rule(shop: Shop, order: Order) -> dict[str, object]:
    rule = ClaimRule.objects.create(shop=shop, position=0, name="All", decision="accept")
    return {"slug": shop.slug, "rule_id": rule.id}


def _announcement(shop: Shop, order: Order) -> dict[str, object]:
    return {"announcement_id": announce(shop, texts={"en": "A strike."}).id, **_shop(shop, order)}


def _job(shop: Shop, order: Order) -> dict[str, object]:
    job = start_job(shop, kind="cancel_orders", asked={"ids": [str(order.id)]})
    return {"slug": shop.slug, "job_id": job.id}


def _notice(shop: Shop, order: Order) -> dict[str, object]:
    return {"audience": "customers", "group": "shipment_delivered", **_shop(shop, order)}


def _mail(shop: Shop, order: Order) -> dict[str, object]:
    mail = send_test_mail(
        shop,
        audience=Audience.STAFF,
        group="order_placed",
        language="en",
        recipient="a@shop.example",
        order_id=order.id,
    )
    return {"mail_id": mail.id, **_shop(shop, order)}


def _import(shop: Shop, order: Order) -> dict[str, object]:
    kept = kept_file(shop, b"order_number,city\n1,Berlin\n")
    return {"slug": shop.slug, "import_id": kept.id}


def _export(shop: Shop, order: Order) -> dict[str, object]:
    asked = ask_for_export(shop, "a@shop.example", [order.id], person=make_member(shop))
    return {"slug": shop.slug, "export_id": asked.id}


def _slashed(shop: Shop, order: Order) -> dict[str, object]:
    return {"path": f"shops/{shop.slug}/orders"}


MATRIX = {
    "home": Row(anonymous=LOG_IN, stranger=302, viewer=302),
    "login": Row(anonymous=200, stranger=302, viewer=302),
    "logout": Row(method="post", anonymous=302, stranger=302, viewer=302),
    "password": Row(anonymous=LOG_IN, stranger=200, viewer=200),
    "leave_visit": Row(method="post", anonymous=302, stranger=302, viewer=302),
    "theme": Row(method="post", anonymous=302, stranger=302, viewer=302),
    "language": Row(method="post", anonymous=302, stranger=302, viewer=302),
    "invitation": Row(
        arguments=lambda shop, order: {"token": "nobody"}, anonymous=404, stranger=404, viewer=404
    ),
    "find": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "shortcuts": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "settings": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "shop_settings": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "further_shop": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "setup": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        [
            "setup_key",
            "setup_order",
            "setup_parcel",
            "setup_webhook",
            "setup_test_event",
            "dismiss_setup",
        ],
        Row(method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "members": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["change_member", "drop_member"],
        Row(method="post", arguments=_member, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "drop_invitation": Row(
        method="post", arguments=_invitation, anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "edits": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "edits_export": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["customer_data", "retention"],
        Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    **dict.fromkeys(
        ["export_customer", "erase_customer"],
        Row(method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "download_export": Row(arguments=_export, anonymous=LOG_IN, stranger=404, viewer=403),
    "keys": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "revoke_key": Row(method="post", arguments=_key, anonymous=LOG_IN, stranger=404, viewer=403),
    "shops": Row(anonymous=LOG_IN, stranger=200, viewer=200),
    "shop": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "attention": Row(
        arguments=lambda shop, order: {"kind": "late", **_shop(shop, order)},
        anonymous=LOG_IN,
        stranger=404,
        viewer=200,
    ),
    "analytics": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "delivery_times": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "numbers": Row(
        arguments=lambda shop, order: {"part": "claims", **_shop(shop, order)},
        anonymous=LOG_IN,
        stranger=404,
        viewer=200,
    ),
    **dict.fromkeys(
        ["number_rows", "rows_csv", "number_csv"],
        Row(
            arguments=lambda shop, order: {"number": "orders", **_shop(shop, order)},
            anonymous=LOG_IN,
            stranger=404,
            viewer=200,
        ),
    ),
    "delivery_target": Row(
        arguments=_shop, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "weekly_summary": Row(
        arguments=_shop, method="post", anonymous=LOG_IN, stranger=404, viewer=302
    ),
    "stop_summary": Row(
        arguments=lambda shop, order: {"token": "none"}, anonymous=200, stranger=200, viewer=200
    ),
    "saved_views": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    **dict.fromkeys(
        ["saved_view_rename", "saved_view_delete"],
        Row(method="post", arguments=_view, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "orders": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "order_filters": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    **dict.fromkeys(
        ["order_filter_rename", "order_filter_delete"],
        Row(method="post", arguments=_saved_of_orders, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    **dict.fromkeys(
        ["order_columns", "shipment_columns"],
        Row(method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=302),
    ),
    "do_to_many": Row(
        method="post",
        arguments=lambda shop, order: {"kind": "cancel_orders", **_shop(shop, order)},
        anonymous=LOG_IN,
        stranger=404,
        viewer=403,
    ),
    "jobs": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "job": Row(arguments=_job, anonymous=LOG_IN, stranger=404, viewer=200),
    "job_rows": Row(arguments=_job, anonymous=LOG_IN, stranger=404, viewer=200),
    "stop_job": Row(method="post", arguments=_job, anonymous=LOG_IN, stranger=404, viewer=403),
    "order": Row(arguments=_order, anonymous=LOG_IN, stranger=404, viewer=200),
    "new_order": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "edit_order": Row(arguments=_order, anonymous=LOG_IN, stranger=404, viewer=403),
    "add_tracking": Row(arguments=_order, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["cancel_one", "expect_parcels"],
        Row(method="post", arguments=_order, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "split_parcel": Row(arguments=_parcel, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["order_export", "order_workbook"],
        Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    ),
    "ticked_orders": Row(
        method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=302
    ),
    "new_import": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["import", "bad_rows"],
        Row(arguments=_import, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "run_import": Row(method="post", arguments=_import, anonymous=LOG_IN, stranger=404, viewer=403),
    "take_tracking_off": Row(
        arguments=_parcel, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "parcel_carrier": Row(
        arguments=_parcel, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "shipments": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "shipment_export": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "shipment": Row(arguments=_shipment, anonymous=LOG_IN, stranger=404, viewer=200),
    "saved_filters": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "saved_filter_rename": Row(
        arguments=_saved, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "saved_filter_delete": Row(
        arguments=_saved, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "claims": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "claim_export": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "claim": Row(arguments=_claim, anonymous=LOG_IN, stranger=404, viewer=200),
    **dict.fromkeys(
        ["decide_claim", "mail_customer", "add_claim_note", "assign_claim"],
        Row(method="post", arguments=_claim, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    **dict.fromkeys(
        ["claim_settings", "new_claim_rule"],
        Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "claim_rule": Row(arguments=_rule, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["move_claim_rule", "delete_claim_rule"],
        Row(method="post", arguments=_rule, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "event_catalogue": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "test_parcels": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "stop_test_parcel": Row(
        arguments=_simulation, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "feeds": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "add_aggregator": Row(
        arguments=_shop, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "replace_aggregator_secret": Row(
        arguments=_aggregator, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "remove_aggregator": Row(
        arguments=_aggregator, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "carrier": Row(arguments=_carrier, anonymous=LOG_IN, stranger=404, viewer=403),
    "try_carrier": Row(
        arguments=_carrier, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "switch_carrier": Row(
        arguments=_carrier, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "remove_carrier": Row(
        arguments=_carrier, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "tracking_page": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["campaigns", "why_campaign", "discounts"],
        Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    ),
    "campaign": Row(arguments=_campaign, anonymous=LOG_IN, stranger=404, viewer=200),
    "edit_campaign": Row(arguments=_campaign, anonymous=LOG_IN, stranger=404, viewer=403),
    "discount": Row(arguments=_discount, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["new_campaign", "new_discount"],
        Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "preview_campaign": Row(
        method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403
    ),
    **dict.fromkeys(
        ["switch_campaign", "remove_campaign"],
        Row(method="post", arguments=_campaign, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "remove_discount": Row(
        method="post", arguments=_discount, anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "add_announcement": Row(
        arguments=_shop, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "remove_announcement": Row(
        arguments=_announcement, method="post", anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "events": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=200),
    "webhooks": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "new_webhook": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "signature": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403),
    "webhook": Row(arguments=_webhook, anonymous=LOG_IN, stranger=404, viewer=403),
    "edit_webhook": Row(arguments=_webhook, anonymous=LOG_IN, stranger=404, viewer=403),
    "replay_webhook": Row(arguments=_webhook, anonymous=LOG_IN, stranger=404, viewer=403),
    "delivery": Row(arguments=_delivery, anonymous=LOG_IN, stranger=404, viewer=403),
    **dict.fromkeys(
        ["switch_webhook", "rotate_webhook", "remove_webhook", "test_webhook"],
        Row(method="post", arguments=_webhook, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    "resend_delivery": Row(
        method="post", arguments=_delivery, anonymous=LOG_IN, stranger=404, viewer=403
    ),
    "notices": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403, editor=403),
    "mails": Row(arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403, editor=200),
    "notice_settings": Row(
        method="post", arguments=_shop, anonymous=LOG_IN, stranger=404, viewer=403
    ),
    **dict.fromkeys(
        ["notice", "notice_preview"],
        Row(arguments=_notice, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    **dict.fromkeys(
        ["reset_notice", "test_notice"],
        Row(method="post", arguments=_notice, anonymous=LOG_IN, stranger=404, viewer=403),
    ),
    **dict.fromkeys(
        ["mail", "mail_content"],
        Row(arguments=_mail, anonymous=LOG_IN, stranger=404, viewer=403, editor=200),
    ),
    "repeat_mail": Row(
        method="post", arguments=_mail, anonymous=LOG_IN, stranger=404, viewer=403, editor=302
    ),
    "robots": Row(anonymous=200, stranger=200, viewer=200),
    "without_slash": Row(arguments=_slashed, anonymous=301, stranger=301, viewer=301),
}


def test_every_page_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_each_page_answers_everybody_as_the_matrix_says(name):
    row, shop = MATRIX[name], make_shop()
    url = reverse(f"portal:{name}", kwargs=row.arguments(shop, place(shop)))
    stranger = Client()
    stranger.force_login(make_member(make_shop()))
    asking = [Client(), stranger, member_client(shop, Role.VIEWER)]
    expected = [row.anonymous, row.stranger, row.viewer]
    if row.editor is not None:
        asking.append(member_client(shop, Role.EDITOR))
        expected.append(row.editor)

    answers = [getattr(who, row.method)(url) for who in asking]
    for answer in answers:
        answer.getvalue()  # to its end: what is left unread of a download keeps a place

    assert [answer.status_code for answer in answers] == expected


def test_who_is_not_logged_in_comes_back_after_logging_in():
    shop = make_shop()

    response = Client().get(f"/shops/{shop.slug}/orders?q=jane&state=placed")

    back = f"/shops/{shop.slug}/orders%3Fq%3Djane%26state%3Dplaced"
    assert response.headers["Location"] == f"/login?next={back}"


def test_a_shop_that_does_not_exist_looks_like_one_of_others():
    client = Client()
    client.force_login(make_member(make_shop()))
    other = make_shop()

    answers = [client.get(f"/shops/{slug}/orders") for slug in (other.slug, "no-such-shop")]

    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].content == answers[1].content


def test_an_order_of_another_shop_is_not_found_in_ones_own():
    shop, other = make_shop(), make_shop()
    client = Client()
    client.force_login(make_member(shop))

    response = client.get(f"/shops/{shop.slug}/orders/{place(other).id}")

    assert response.status_code == 404


def test_staff_who_are_no_members_do_not_see_a_shop():
    client = Client()
    client.force_login(make_member(make_shop(), is_staff=True))

    assert client.get(f"/shops/{make_shop().slug}/orders").status_code == 404


def test_only_staff_find_the_back_office_in_the_menu():
    shop = make_shop()
    staff, member = Client(), Client()
    staff.force_login(make_member(shop, is_staff=True))
    member.force_login(make_member(shop))

    pages = [who.get(f"/shops/{shop.slug}/orders").content for who in (staff, member)]

    assert [b'href="/admin/"' in page for page in pages] == [True, False]


def test_pages_are_kept_by_no_cache():
    shop = make_shop()
    client = Client()
    client.force_login(make_member(shop))

    response = client.get(f"/shops/{shop.slug}/orders")

    assert "no-store" in response.headers["Cache-Control"]


def test_htmx_is_sent_to_the_log_in_page_as_a_whole():
    shop = make_shop()
    shown = f"http://testserver/shops/{shop.slug}/orders?q=jane"
    headers = {"HX-Request": "true", "HX-Current-URL": shown}

    response = Client().get(f"/shops/{shop.slug}/orders?q=jan", headers=headers)

    back = f"/shops/{shop.slug}/orders%3Fq%3Djane"
    assert response.headers["HX-Redirect"] == f"/login?next={back}"
