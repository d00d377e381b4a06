"""Where the product may name a shop's table without the shop, and why.

On Citus these are asked of every shard: fine for what looks around once in a while, never for what
answers a request.
"""

FINDS_WORK = "A worker or beat finds which shops have something to do, or takes it for all of them."
FORGETS = "Beat deletes what is older than it is kept for, whosever it is."

EXCEPTIONS = {
    "analytics/refresh.py::forget_moves": FORGETS,
    "analytics/tasks.py::refresh_numbers": FINDS_WORK,
    "claims/drafts.py::forget_drafts": FORGETS,
    "claims/mails.py::_take": FINDS_WORK,
    "events/relay.py::shops_with_unrelayed_facts": FINDS_WORK,
    "intake/idempotency.py::forget_idempotent_requests": FORGETS,
    "jobs/services.py::forget_old_jobs": FORGETS,
    "jobs/work.py::_take": FINDS_WORK,
    "notices/queue.py::claim": FINDS_WORK,
    "portal/visits/visiting.py::end_overdue_visits": FINDS_WORK,
    "notices/queue.py::tidy": FORGETS,
    "portal/numbers/summary/sending.py::send_weekly_summaries": FINDS_WORK,
    "portal/privacy/retention.py::keep_retentions": FINDS_WORK,
    "portal/sheets/services.py::forget_old_imports": FORGETS,
    "portal/visits/visiting.py::visit_in": "The session of staff leads to a visit, by its id.",
    "privacy/erasing.py::delete_doomed_files": FORGETS,
    "privacy/exporting.py::forget_exports": FORGETS,
    "privacy/exporting.py::make_files": FINDS_WORK,
    "privacy/requests.py::give_up_unfinished": FORGETS,
    "shipments/arrival/overdue.py::flag_overdue": FINDS_WORK,
    "shipments/feeds/carriers/poll.py::connections_to_ask": FINDS_WORK,
    "webhooks/notices.py::tell_of_disabled_webhooks": FINDS_WORK,
    "webhooks/queue.py::claim": FINDS_WORK,
    "webhooks/replay.py::run_replays": FINDS_WORK,
    "webhooks/retention.py::forget_old_deliveries": FINDS_WORK,
}
LOCAL_TABLES = {
    "feeds_feedaddress": "Leads from the token in a URL to the shop.",
    "feeds_plannedscan": "A queue of all shops' scans that are yet to appear.",
    "feeds_poll": "A queue of all shops' parcels that carriers are asked about.",
}
"""They name a shop and are found without one: small, and in one place also on Citus."""
