"""Keys of shops' rows hold their shop, so that no reference leaves it: the database says so."""

from django.db import migrations

from common.shop_keys import PrimaryKeyWithShop, ReferenceInShop

TABLES = [
    "events_event",
    "jobs_job",
    "jobs_jobrow",
    "orders_order",
    "orders_orderline",
    "shipments_shipment",
    "shipments_shipmentline",
    "shipments_scan",
    "shipments_transithistory",
    "feeds_aggregatorconnection",
    "feeds_simulation",
    "feeds_carrierconnection",
    "engagement_rating",
    "engagement_pageaction",
    "engagement_pagedesign",
    "engagement_announcement",
    "claims_claim",
    "claims_claimdraft",
    "claims_claimphoto",
    "claims_claimentry",
    "claims_claimmail",
    "claims_claimsettings",
    "claims_claimrule",
    "campaigns_discount",
    "campaigns_campaign",
    "campaigns_attribution",
    "campaigns_fulfilledsegments",
    "intake_idempotentrequest",
    "notices_notice",
    "notices_noticetext",
    "notices_noticesettings",
    "notices_unsubscription",
    "notices_mail",
    "webhooks_webhook",
    "webhooks_message",
    "webhooks_delivery",
    "webhooks_replay",
    "webhooks_attempt",
    "analytics_deliverytarget",
    "analytics_rolledup",
    "portal_savedfilter",
    "portal_weeklysummary",
    "sheets_orderimport",
    "sheets_importedrow",
]
REFERENCES = [
    ("jobs_jobrow", "job_id", "jobs_job"),
    ("orders_orderline", "order_id", "orders_order"),
    ("shipments_shipment", "order_id", "orders_order"),
    ("shipments_shipmentline", "shipment_id", "shipments_shipment"),
    ("shipments_scan", "shipment_id", "shipments_shipment"),
    ("feeds_simulation", "shipment_id", "shipments_shipment"),
    ("engagement_rating", "order_id", "orders_order"),
    ("engagement_rating", "shipment_id", "shipments_shipment"),
    ("engagement_pageaction", "order_id", "orders_order"),
    ("claims_claim", "order_id", "orders_order"),
    ("claims_claimdraft", "order_id", "orders_order"),
    ("claims_claimdraft", "claim_id", "claims_claim"),
    ("claims_claimphoto", "claim_id", "claims_claim"),
    ("claims_claimphoto", "draft_id", "claims_claimdraft"),
    ("claims_claimentry", "claim_id", "claims_claim"),
    ("claims_claimmail", "entry_id", "claims_claimentry"),
    ("campaigns_campaign", "discount_id", "campaigns_discount"),
    ("campaigns_attribution", "order_id", "orders_order"),
    ("campaigns_attribution", "campaign_id", "campaigns_campaign"),
    ("campaigns_fulfilledsegments", "order_id", "orders_order"),
    ("webhooks_delivery", "webhook_id", "webhooks_webhook"),
    ("webhooks_delivery", "message_id", "webhooks_message"),
    ("webhooks_replay", "webhook_id", "webhooks_webhook"),
    ("sheets_orderimport", "job_id", "jobs_job"),
    ("sheets_importedrow", "order_import_id", "sheets_orderimport"),
]


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside their tables

    dependencies = [
        ("shops", "0005_stale_after"),
        ("analytics", "0003_marks"),
        ("campaigns", "0005_references_within_shop"),
        ("claims", "0007_references_within_shop"),
        ("engagement", "0004_references_within_shop"),
        ("events", "0002_relay"),
        ("feeds", "0002_references_within_shop"),
        ("intake", "0001_idempotent_requests"),
        ("jobs", "0002_references_within_shop"),
        ("notices", "0001_notices_and_mails"),
        ("orders", "0007_references_within_shop"),
        ("portal", "0004_weekly_summaries"),
        ("sheets", "0002_references_within_shop"),
        ("shipments", "0010_references_within_shop"),
        ("webhooks", "0002_references_within_shop"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        migrations.RunSQL(
            "ALTER TABLE claims_claim DROP CONSTRAINT IF EXISTS claim_of_parcel",
            "ALTER TABLE claims_claim ADD CONSTRAINT claim_of_parcel FOREIGN KEY (shipment_id) "
            "REFERENCES shipments_shipment (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
        ),
        *(PrimaryKeyWithShop(table) for table in TABLES),
        *(ReferenceInShop(*reference) for reference in REFERENCES),
        ReferenceInShop("claims_claim", "shipment_id", "shipments_shipment", empties=True),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
