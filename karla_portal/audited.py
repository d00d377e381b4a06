"""Which models keep an audit of edits by people, and which of their columns it leaves out."""

_DERIVED = ["created_at", "updated_at"]

AUDITED_MODELS = (
    {"model": "auth.Group", "m2m_fields": {"permissions"}},
    {"model": "shops.Organization", "exclude_fields": ["created_at"]},
    {"model": "shops.Shop", "exclude_fields": ["created_at"]},
    {
        "model": "shops.User",
        "exclude_fields": ["last_login", "date_joined"],
        "mask_fields": ["password"],
        "mask_callable": "common.audit.masked",
        "m2m_fields": {"groups", "user_permissions"},
    },
    {"model": "shops.Membership", "exclude_fields": ["created_at"]},
    {"model": "shops.Invitation", "exclude_fields": ["created_at", "digest"]},
    {"model": "shops.ApiKey", "exclude_fields": ["created_at", "digest", "last_used_at"]},
    {"model": "shops.ApiKeyGrant", "exclude_fields": ["key"]},
    {
        "model": "webhooks.Webhook",
        "exclude_fields": [
            *_DERIVED,
            "previous_secret",
            "failing_since",
            "rests",
            "resting_until",
            "disabled_told_at",
        ],
        "mask_fields": ["secret"],
        "mask_callable": "common.audit.masked",
    },
    "analytics.DeliveryTarget",
    {
        "model": "orders.Order",
        "exclude_fields": [*_DERIVED, "erased_at", "last_upsert_digest", "zip_code", "search_text"],
    },
    "orders.OrderLine",
    {"model": "shipments.Shipment", "exclude_fields": _DERIVED},
    "shipments.ShipmentLine",
    {"model": "campaigns.Campaign", "exclude_fields": _DERIVED},
    {"model": "campaigns.Discount", "exclude_fields": _DERIVED},
    {"model": "engagement.PageDesign", "exclude_fields": [*_DERIVED, "logo"]},
    {"model": "engagement.Announcement", "exclude_fields": _DERIVED},
    {"model": "notices.Notice", "exclude_fields": _DERIVED},
    {"model": "notices.NoticeText", "exclude_fields": _DERIVED},
    {"model": "notices.NoticeSettings", "exclude_fields": _DERIVED},
    {"model": "claims.ClaimRule", "exclude_fields": _DERIVED},
    "claims.ClaimSettings",
    {"model": "privacy.Export", "include_fields": ["order_count"]},
    {"model": "privacy.Erasure", "include_fields": ["order_count"]},
    {"model": "privacy.Retention", "exclude_fields": _DERIVED},
    {
        "model": "feeds.AggregatorConnection",
        "exclude_fields": [*_DERIVED, "last_delivery_at"],
        "mask_fields": ["encrypted_secret"],
        "mask_callable": "common.audit.masked",
    },
    {
        "model": "feeds.CarrierConnection",
        "exclude_fields": [
            *_DERIVED,
            "enrolled_until",
            "failures",
            "blocked_until",
            "last_trouble",
            "last_trouble_at",
            "last_answer_at",
        ],
        "mask_fields": ["encrypted_credentials"],
        "mask_callable": "common.audit.masked",
    },
)
"""For `AUDITLOG_INCLUDE_TRACKING_MODELS`."""
