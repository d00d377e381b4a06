-- One look at everything that waits. Each queue is read along its partial index, up to a bound, so
-- that a look costs the same however long a queue has grown. It looks across shops: it counts, and
-- says nothing of any of them.
WITH facts AS (
    SELECT created_at FROM events_event
     WHERE NOT is_relayed ORDER BY shop_id, created_at LIMIT %(most)s
), deliveries AS (
    SELECT next_attempt_at FROM webhooks_delivery
     WHERE state = 'pending' ORDER BY shop_id, webhook_id, next_attempt_at LIMIT %(most)s
), mails AS (
    SELECT next_attempt_at FROM notices_mail
     WHERE state = 'waiting' ORDER BY shop_id, next_attempt_at LIMIT %(most)s
), claim_mails AS (
    SELECT due_at FROM claims_claimmail
     WHERE due_at IS NOT NULL ORDER BY shop_id, due_at LIMIT %(most)s
), running_jobs AS (
    SELECT created_at FROM jobs_job
     WHERE state = 'running' ORDER BY created_at LIMIT %(most)s
), webhooks AS (
    SELECT status, failing_since, disabled_reason FROM webhooks_webhook LIMIT %(most)s
), marks AS (
    SELECT 1 FROM analytics_mark LIMIT %(most)s
), connections AS (
    SELECT state, state_change FROM pg_stat_activity WHERE datname = current_database()
)
SELECT (SELECT count(*) FROM facts) AS facts,
       (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM facts) AS facts_age,
       (SELECT count(*) FROM deliveries) AS deliveries,
       (SELECT coalesce(greatest(extract(epoch FROM now() - min(next_attempt_at)), 0), 0)
          FROM deliveries) AS deliveries_age,
       (SELECT count(*) FROM mails) AS mails,
       (SELECT coalesce(greatest(extract(epoch FROM now() - min(next_attempt_at)), 0), 0)
          FROM mails) AS mails_age,
       (SELECT count(*) FROM claim_mails) AS claim_mails,
       (SELECT coalesce(greatest(extract(epoch FROM now() - min(due_at)), 0), 0)
          FROM claim_mails) AS claim_mails_age,
       (SELECT count(*) FROM running_jobs) AS jobs,
       (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)
          FROM running_jobs) AS jobs_age,
       (SELECT count(*) FROM webhooks WHERE status = 'active' AND failing_since IS NULL)
           AS webhooks_active,
       (SELECT count(*) FROM webhooks WHERE status = 'active' AND failing_since IS NOT NULL)
           AS webhooks_failing,
       (SELECT count(*) FROM webhooks WHERE status <> 'active' AND disabled_reason <> '')
           AS webhooks_off,
       (SELECT count(*) FROM marks) AS marked_hours,
       (SELECT count(*) FROM connections) AS database_connections,
       current_setting('max_connections') AS database_connections_most,
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(state_change)), 0)
          FROM connections WHERE state LIKE 'idle in transaction%%')
           AS database_idle_in_transaction_seconds,
       pg_database_size(current_database()) AS database_bytes
