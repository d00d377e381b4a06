"""What staff keep an eye on, as data: where it stands, since when, and what mends it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Rows of a table, counted shop by shop along an index that begins with the shop."""

    title: str
    says: str
    table: str
    condition: str
    """SQL over the table's columns."""
    since: str
    """The column that says how long a row has been waiting; empty where nothing does."""
    list_of: str
    """The model whose list in the back office shows the rows, as `app_model`."""
    narrowed: str = ""
    """Of that list, as a query."""
    mend: str
    """What helps: an action of that list, or where to look."""


WATCHES: tuple[Watch, ...] = (
    Watch(
        title="Events not yet made into deliveries",
        says="The relay takes them within a second; minutes mean that no sender is running.",
        table="events_event",
        condition="NOT is_relayed",
        since="created_at",
        list_of="shops_shop",
        mend="Of the shop: Relay its events now",
    ),
    Watch(
        title="Deliveries late",
        says="Due for a minute and more, and nobody has sent them.",
        table="webhooks_delivery",
        condition="state = 'pending' AND next_attempt_at < now() - interval '1 minute'",
        since="next_attempt_at",
        list_of="webhooks_delivery",
        narrowed="state__exact=pending",
        mend="Send now, or give up",
    ),
    Watch(
        title="Deliveries waiting for another try",
        says="Their endpoint did not take them; the schedule tries again, for three days.",
        table="webhooks_delivery",
        condition="state = 'pending' AND attempts > 0",
        since="created_at",
        list_of="webhooks_delivery",
        narrowed="state__exact=pending",
        mend="Send now, or give up",
    ),
    Watch(
        title="Deliveries on hold",
        says="Their webhook is paused or was switched off.",
        table="webhooks_delivery",
        condition="state = 'held'",
        since="created_at",
        list_of="webhooks_delivery",
        narrowed="state__exact=held",
        mend="Of the webhook: Resume, or give up what waits",
    ),
    Watch(
        title="Deliveries given up",
        says="All tries failed; they are kept for 30 days.",
        table="webhooks_delivery",
        condition="state = 'failed'",
        since="created_at",
        list_of="webhooks_delivery",
        narrowed="state__exact=failed",
        mend="Send now",
    ),
    Watch(
        title="Webhooks failing or switched off",
        says="No success since the first failure, or switched off because of that.",
        table="webhooks_webhook",
        condition="failing_since IS NOT NULL OR (status = 'inactive' AND disabled_reason <> '')",
        since="failing_since",
        list_of="webhooks_webhook",
        mend="Resume, try what waits now, send again what was given up",
    ),
    Watch(
        title="Mails late",
        says="Due for five minutes and more: no sender, or a mail server that refuses for now.",
        table="notices_mail",
        condition="state = 'waiting' AND next_attempt_at < now() - interval '5 minutes'",
        since="next_attempt_at",
        list_of="notices_mail",
        narrowed="state__exact=waiting",
        mend="Send again, or at once what waits",
    ),
    Watch(
        title="Mails that failed, of the last week",
        says="Refused for good, or given up after the last try.",
        table="notices_mail",
        condition="state = 'failed' AND created_at > now() - interval '7 days'",
        since="created_at",
        list_of="notices_mail",
        narrowed="state__exact=failed",
        mend="Send again",
    ),
    Watch(
        title="Mails of which nobody knows, of the last week",
        says="Interrupted while the mail server had them: they may have arrived.",
        table="notices_mail",
        condition="state = 'unsure' AND created_at > now() - interval '7 days'",
        since="created_at",
        list_of="notices_mail",
        narrowed="state__exact=unsure",
        mend="Send again",
    ),
    Watch(
        title="Answers to claims that wait",
        says="Due for five minutes and more.",
        table="claims_claimmail",
        condition="due_at < now() - interval '5 minutes'",
        since="due_at",
        list_of="claims_claimmail",
        mend="They go out by themselves once the worker runs",
    ),
    Watch(
        title="Jobs stuck",
        says="Running, and no batch was done for five minutes.",
        table="jobs_job",
        condition="state = 'running' AND updated_at < now() - interval '5 minutes'",
        since="updated_at",
        list_of="jobs_job",
        narrowed="state__exact=running",
        mend="Go on, or stop",
    ),
    Watch(
        title="Jobs that broke off, of the last week",
        says="What happened stands on the job’s page.",
        table="jobs_job",
        condition="state = 'broken' AND created_at > now() - interval '7 days'",
        since="ended_at",
        list_of="jobs_job",
        narrowed="state__exact=broken",
        mend="Go on",
    ),
    Watch(
        title="Hours of numbers to work out again",
        says="Every 30 seconds the worker takes them; until then numbers are exact, only slower.",
        table="analytics_mark",
        condition="true",
        since="",
        list_of="analytics_rolledup",
        mend="Work out what has changed, or a day, or everything again",
    ),
    Watch(
        title="Carriers that do not answer",
        says="Asking them failed the last time, or they refuse us for a while.",
        table="feeds_carrierconnection",
        condition="is_active AND (failures > 0 OR blocked_until > now())",
        since="last_trouble_at",
        list_of="feeds_carrierconnection",
        mend="Ask again at once",
    ),
)
