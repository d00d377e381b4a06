from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from portal.by_hand.actions import (
    add_tracking,
    cancel_one,
    expect_parcels,
    take_tracking_off,
)
from portal.by_hand.orders import edit_order, new_order
from portal.by_hand.split import split_parcel
from portal.campaigns.urls import urlpatterns as campaign_patterns
from portal.carriers import correct_parcel_carrier
from portal.claims.actions import add_claim_note, assign_claim_to, decide_claim, mail_customer
from portal.claims.export import claim_export
from portal.claims.inbox import claim_list
from portal.claims.page import claim_page
from portal.claims.rules import (
    delete_claim_rule,
    edit_claim_rule,
    move_claim_rule,
    new_claim_rule,
)
from portal.claims.settings import claim_settings
from portal.columns import choose_columns
from portal.event_catalogue import event_catalogue
from portal.events import event_list
from portal.feeds import (
    add_aggregator,
    carrier_page,
    feeds,
    remove_aggregator,
    remove_carrier,
    replace_aggregator_secret,
    switch_carrier,
    try_carrier,
)
from portal.find.page import find, shortcuts
from portal.further_shop import further_shop
from portal.jobs.bulk_pages import do_to_many
from portal.jobs.pages import job_list, job_page, job_rows, stop_a_job
from portal.language import choose_language
from portal.login import LogIn
from portal.models import SavedRoom
from portal.notices.mails import mail_content, mail_list, mail_page, repeat_mail
from portal.notices.overview import notice_settings, notices
from portal.notices.wording import notice, notice_preview, reset_notice, test_notice
from portal.numbers.attention import attention_list
from portal.numbers.home import shop_home
from portal.numbers.room import numbers
from portal.numbers.rows import number_csv, number_rows, rows_csv
from portal.numbers.summary.pages import stop_summary, weekly_summary
from portal.numbers.target import delivery_target
from portal.orders import order_list, order_page
from portal.password import change_password
from portal.people.edits import edits, edits_export
from portal.people.invitations import invitation
from portal.people.keys import keys, revoke_key
from portal.people.members import change_member, drop_invitation, drop_member, members
from portal.privacy.pages import (
    customer_data,
    download_export,
    erase_customer,
    export_customer,
)
from portal.privacy.retention_page import retention_page
from portal.robots import robots
from portal.saved_filters import delete_saved_filter, rename_saved_filter, saved_filters
from portal.settings_page import settings_page
from portal.setup.page import (
    dismiss_setup,
    setup,
    setup_key,
    setup_order,
    setup_parcel,
    setup_test_event,
    setup_webhook,
)
from portal.sheets.export import order_export, order_workbook, ticked_orders
from portal.sheets.pages import bad_rows, import_page, new_import, run_import
from portal.shipment_export import shipment_export
from portal.shipment_list import shipment_list
from portal.shipment_page import shipment_page
from portal.shop_settings import shop_settings
from portal.shops import home, shop_list
from portal.slashes import without_slash
from portal.test_parcels import stop_test_parcel, test_parcels
from portal.theme import choose_theme
from portal.tracking_page.views import add_announcement, remove_announcement, tracking_page
from portal.visits.leave import leave_visit
from portal.webhooks.deliveries import delivery_page, resend_delivery
from portal.webhooks.views import (
    edit_webhook,
    new_webhook,
    remove_webhook,
    replay_webhook,
    rotate_webhook,
    signature_page,
    switch_webhook,
    test_webhook,
    webhook_list,
    webhook_page,
)

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("login", LogIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(next_page="portal:login"), name="logout"),
    path("password", change_password, name="password"),
    path("visit/leave", leave_visit, name="leave_visit"),
    path("theme", choose_theme, name="theme"),
    path("language", choose_language, name="language"),
    path("invitations/<str:token>", invitation, name="invitation"),
    path("shops", shop_list, name="shops"),
    path("shops/<slug:slug>", shop_home, name="shop"),
    path("shops/<slug:slug>/find", find, name="find"),
    path("shops/<slug:slug>/shortcuts", shortcuts, name="shortcuts"),
    path("shops/<slug:slug>/settings", settings_page, name="settings"),
    path("shops/<slug:slug>/settings/shop", shop_settings, name="shop_settings"),
    path("shops/<slug:slug>/further-shop", further_shop, name="further_shop"),
    path("shops/<slug:slug>/setup", setup, name="setup"),
    path("shops/<slug:slug>/setup/key", setup_key, name="setup_key"),
    path("shops/<slug:slug>/setup/order", setup_order, name="setup_order"),
    path("shops/<slug:slug>/setup/parcel", setup_parcel, name="setup_parcel"),
    path("shops/<slug:slug>/setup/webhook", setup_webhook, name="setup_webhook"),
    path("shops/<slug:slug>/setup/test-event", setup_test_event, name="setup_test_event"),
    path("shops/<slug:slug>/setup/dismiss", dismiss_setup, name="dismiss_setup"),
    path("shops/<slug:slug>/members", members, name="members"),
    path(
        "shops/<slug:slug>/members/<uuid:membership_id>/role", change_member, name="change_member"
    ),
    path("shops/<slug:slug>/members/<uuid:membership_id>/remove", drop_member, name="drop_member"),
    path(
        "shops/<slug:slug>/invitations/<uuid:invitation_id>/withdraw",
        drop_invitation,
        name="drop_invitation",
    ),
    path("shops/<slug:slug>/audit", edits, name="edits"),
    path("shops/<slug:slug>/audit.csv", edits_export, name="edits_export"),
    path("shops/<slug:slug>/customer-data", customer_data, name="customer_data"),
    path("shops/<slug:slug>/customer-data/export", export_customer, name="export_customer"),
    path("shops/<slug:slug>/customer-data/erase", erase_customer, name="erase_customer"),
    path(
        "shops/<slug:slug>/customer-data/exports/<uuid:export_id>.zip",
        download_export,
        name="download_export",
    ),
    path("shops/<slug:slug>/retention", retention_page, name="retention"),
    path("shops/<slug:slug>/keys", keys, name="keys"),
    path("shops/<slug:slug>/keys/<uuid:key_id>/revoke", revoke_key, name="revoke_key"),
    path("shops/<slug:slug>/orders", order_list, name="orders"),
    path("shops/<slug:slug>/orders/new", new_order, name="new_order"),
    path("shops/<slug:slug>/orders.csv", order_export, name="order_export"),
    path("shops/<slug:slug>/orders/ticked.csv", ticked_orders, name="ticked_orders"),
    path("shops/<slug:slug>/orders.xlsx", order_workbook, name="order_workbook"),
    path("shops/<slug:slug>/orders/import", new_import, name="new_import"),
    path("shops/<slug:slug>/orders/import/<uuid:import_id>", import_page, name="import"),
    path("shops/<slug:slug>/orders/import/<uuid:import_id>/run", run_import, name="run_import"),
    path(
        "shops/<slug:slug>/orders/import/<uuid:import_id>/rows-to-mend.csv",
        bad_rows,
        name="bad_rows",
    ),
    path(
        "shops/<slug:slug>/orders/columns",
        choose_columns,
        {"room": SavedRoom.ORDERS},
        name="order_columns",
    ),
    path(
        "shops/<slug:slug>/orders/filters",
        saved_filters,
        {"room": SavedRoom.ORDERS},
        name="order_filters",
    ),
    path(
        "shops/<slug:slug>/orders/filters/<uuid:filter_id>/rename",
        rename_saved_filter,
        {"room": SavedRoom.ORDERS},
        name="order_filter_rename",
    ),
    path(
        "shops/<slug:slug>/orders/filters/<uuid:filter_id>/delete",
        delete_saved_filter,
        {"room": SavedRoom.ORDERS},
        name="order_filter_delete",
    ),
    path("shops/<slug:slug>/orders/<uuid:order_id>/edit", edit_order, name="edit_order"),
    path("shops/<slug:slug>/jobs/do/<slug:kind>", do_to_many, name="do_to_many"),
    path("shops/<slug:slug>/jobs", job_list, name="jobs"),
    path("shops/<slug:slug>/jobs/<uuid:job_id>", job_page, name="job"),
    path("shops/<slug:slug>/jobs/<uuid:job_id>/rows.csv", job_rows, name="job_rows"),
    path("shops/<slug:slug>/jobs/<uuid:job_id>/stop", stop_a_job, name="stop_job"),
    path("shops/<slug:slug>/orders/<uuid:order_id>", order_page, name="order"),
    path("shops/<slug:slug>/orders/<uuid:order_id>/tracking", add_tracking, name="add_tracking"),
    path("shops/<slug:slug>/orders/<uuid:order_id>/cancel", cancel_one, name="cancel_one"),
    path(
        "shops/<slug:slug>/orders/<uuid:order_id>/expected", expect_parcels, name="expect_parcels"
    ),
    path(
        "shops/<slug:slug>/orders/<uuid:order_id>/parcels/<uuid:shipment_id>/take-off",
        take_tracking_off,
        name="take_tracking_off",
    ),
    path(
        "shops/<slug:slug>/orders/<uuid:order_id>/parcels/<uuid:shipment_id>/split",
        split_parcel,
        name="split_parcel",
    ),
    path(
        "shops/<slug:slug>/orders/<uuid:order_id>/parcels/<uuid:shipment_id>/carrier",
        correct_parcel_carrier,
        name="parcel_carrier",
    ),
    path("shops/<slug:slug>/shipments", shipment_list, name="shipments"),
    path("shops/<slug:slug>/shipments.csv", shipment_export, name="shipment_export"),
    path(
        "shops/<slug:slug>/shipments/columns",
        choose_columns,
        {"room": SavedRoom.SHIPMENTS},
        name="shipment_columns",
    ),
    path(
        "shops/<slug:slug>/shipments/filters",
        saved_filters,
        {"room": SavedRoom.SHIPMENTS},
        name="saved_filters",
    ),
    path(
        "shops/<slug:slug>/shipments/filters/<uuid:filter_id>/rename",
        rename_saved_filter,
        {"room": SavedRoom.SHIPMENTS},
        name="saved_filter_rename",
    ),
    path(
        "shops/<slug:slug>/shipments/filters/<uuid:filter_id>/delete",
        delete_saved_filter,
        {"room": SavedRoom.SHIPMENTS},
        name="saved_filter_delete",
    ),
    path("shops/<slug:slug>/shipments/<uuid:shipment_id>", shipment_page, name="shipment"),
    path("shops/<slug:slug>/claims", claim_list, name="claims"),
    path("shops/<slug:slug>/claims.csv", claim_export, name="claim_export"),
    path("shops/<slug:slug>/claims/settings", claim_settings, name="claim_settings"),
    path("shops/<slug:slug>/claims/rules/new", new_claim_rule, name="new_claim_rule"),
    path("shops/<slug:slug>/claims/rules/<uuid:rule_id>", edit_claim_rule, name="claim_rule"),
    path(
        "shops/<slug:slug>/claims/rules/<uuid:rule_id>/move",
        move_claim_rule,
        name="move_claim_rule",
    ),
    path(
        "shops/<slug:slug>/claims/rules/<uuid:rule_id>/delete",
        delete_claim_rule,
        name="delete_claim_rule",
    ),
    path("shops/<slug:slug>/claims/<uuid:claim_id>", claim_page, name="claim"),
    path("shops/<slug:slug>/claims/<uuid:claim_id>/decide", decide_claim, name="decide_claim"),
    path("shops/<slug:slug>/claims/<uuid:claim_id>/mail", mail_customer, name="mail_customer"),
    path("shops/<slug:slug>/claims/<uuid:claim_id>/note", add_claim_note, name="add_claim_note"),
    path("shops/<slug:slug>/claims/<uuid:claim_id>/assign", assign_claim_to, name="assign_claim"),
    path("shops/<slug:slug>/attention/<slug:kind>", attention_list, name="attention"),
    path("shops/<slug:slug>/analytics", numbers, name="analytics"),
    path(
        "shops/<slug:slug>/analytics/delivery", numbers, {"part": "delivery"}, name="delivery_times"
    ),
    path("shops/<slug:slug>/analytics/<slug:part>", numbers, name="numbers"),
    path("shops/<slug:slug>/numbers/<slug:number>/rows", number_rows, name="number_rows"),
    path("shops/<slug:slug>/numbers/<slug:number>/rows.csv", rows_csv, name="rows_csv"),
    path("shops/<slug:slug>/numbers/<slug:number>.csv", number_csv, name="number_csv"),
    path(
        "shops/<slug:slug>/analytics-views",
        saved_filters,
        {"room": SavedRoom.ANALYTICS},
        name="saved_views",
    ),
    path(
        "shops/<slug:slug>/analytics-views/<uuid:filter_id>/rename",
        rename_saved_filter,
        {"room": SavedRoom.ANALYTICS},
        name="saved_view_rename",
    ),
    path(
        "shops/<slug:slug>/analytics-views/<uuid:filter_id>/delete",
        delete_saved_filter,
        {"room": SavedRoom.ANALYTICS},
        name="saved_view_delete",
    ),
    path("shops/<slug:slug>/events/catalogue", event_catalogue, name="event_catalogue"),
    path("shops/<slug:slug>/test-parcels", test_parcels, name="test_parcels"),
    path(
        "shops/<slug:slug>/test-parcels/<uuid:simulation_id>/stop",
        stop_test_parcel,
        name="stop_test_parcel",
    ),
    path("shops/<slug:slug>/feeds", feeds, name="feeds"),
    path("shops/<slug:slug>/feeds/aggregators", add_aggregator, name="add_aggregator"),
    path(
        "shops/<slug:slug>/feeds/aggregators/<uuid:connection_id>/secret",
        replace_aggregator_secret,
        name="replace_aggregator_secret",
    ),
    path(
        "shops/<slug:slug>/feeds/aggregators/<uuid:connection_id>/remove",
        remove_aggregator,
        name="remove_aggregator",
    ),
    path("shops/<slug:slug>/feeds/carriers/<slug:carrier>", carrier_page, name="carrier"),
    path("shops/<slug:slug>/feeds/carriers/<slug:carrier>/try", try_carrier, name="try_carrier"),
    path(
        "shops/<slug:slug>/feeds/carriers/<slug:carrier>/switch",
        switch_carrier,
        name="switch_carrier",
    ),
    path(
        "shops/<slug:slug>/feeds/carriers/<slug:carrier>/remove",
        remove_carrier,
        name="remove_carrier",
    ),
    path("shops/<slug:slug>/tracking-page", tracking_page, name="tracking_page"),
    path(
        "shops/<slug:slug>/tracking-page/announcements", add_announcement, name="add_announcement"
    ),
    path(
        "shops/<slug:slug>/tracking-page/announcements/<uuid:announcement_id>/remove",
        remove_announcement,
        name="remove_announcement",
    ),
    path("shops/<slug:slug>/events", event_list, name="events"),
    path("shops/<slug:slug>/webhooks", webhook_list, name="webhooks"),
    path("shops/<slug:slug>/webhooks/new", new_webhook, name="new_webhook"),
    path("shops/<slug:slug>/webhooks/signature", signature_page, name="signature"),
    path("shops/<slug:slug>/webhooks/<uuid:webhook_id>", webhook_page, name="webhook"),
    path("shops/<slug:slug>/webhooks/<uuid:webhook_id>/edit", edit_webhook, name="edit_webhook"),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/switch", switch_webhook, name="switch_webhook"
    ),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/rotate", rotate_webhook, name="rotate_webhook"
    ),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/delete", remove_webhook, name="remove_webhook"
    ),
    path("shops/<slug:slug>/webhooks/<uuid:webhook_id>/test", test_webhook, name="test_webhook"),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/replay", replay_webhook, name="replay_webhook"
    ),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>",
        delivery_page,
        name="delivery",
    ),
    path(
        "shops/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/resend",
        resend_delivery,
        name="resend_delivery",
    ),
    *campaign_patterns,
    path("shops/<slug:slug>/notices", notices, name="notices"),
    path("shops/<slug:slug>/notices/settings", notice_settings, name="notice_settings"),
    path("shops/<slug:slug>/notices/mails", mail_list, name="mails"),
    path("shops/<slug:slug>/notices/mails/<uuid:mail_id>", mail_page, name="mail"),
    path(
        "shops/<slug:slug>/notices/mails/<uuid:mail_id>/content", mail_content, name="mail_content"
    ),
    path("shops/<slug:slug>/notices/mails/<uuid:mail_id>/again", repeat_mail, name="repeat_mail"),
    path("shops/<slug:slug>/notices/<slug:audience>/<slug:group>", notice, name="notice"),
    path(
        "shops/<slug:slug>/notices/<slug:audience>/<slug:group>/preview",
        notice_preview,
        name="notice_preview",
    ),
    path(
        "shops/<slug:slug>/notices/<slug:audience>/<slug:group>/reset",
        reset_notice,
        name="reset_notice",
    ),
    path(
        "shops/<slug:slug>/notices/<slug:audience>/<slug:group>/test",
        test_notice,
        name="test_notice",
    ),
    path("shops/<slug:slug>/delivery-target", delivery_target, name="delivery_target"),
    path("shops/<slug:slug>/weekly-summary", weekly_summary, name="weekly_summary"),
    path("weekly-summary/<str:token>", stop_summary, name="stop_summary"),
    path("robots.txt", robots, name="robots"),
    re_path(r"^(?!v1/)(?P<path>.+)/\Z", without_slash, name="without_slash"),
]
