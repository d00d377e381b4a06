"""Triggers that mark what changed: see docs/adr/0008-marks-and-rollups.md.

They are of whole statements, with the rows of the statement at hand, so that a thousand rows cost
little more than one. A mark names the hour of the order, in UTC, so that it takes no time zone;
and its transaction, so that no two transactions ever wait for each other. Ids of transactions begin
anew in a database that was restored; with the time at which they began, they do not repeat.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION analytics_transaction() RETURNS bigint LANGUAGE sql STABLE AS $body$
  SELECT hashint8extended(
    pg_current_xact_id()::text::bigint, (extract(epoch FROM now()) * 1000000)::bigint
  )
$body$;

CREATE FUNCTION analytics_mark_orders() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO analytics_mark (shop_id, hour, transaction)
  SELECT DISTINCT shop_id, date_trunc('hour', order_placed_at, 'UTC'),
         analytics_transaction()
    FROM touched
      ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_mark_changed_orders() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO analytics_mark (shop_id, hour, transaction)
  WITH was AS (
    SELECT shop_id, id, order_placed_at, state = 'cancelled', is_test, currency, segments,
           total_order_price, address->>'country_code' FROM left_rows
  ), became AS (
    SELECT shop_id, id, order_placed_at, state = 'cancelled', is_test, currency, segments,
           total_order_price, address->>'country_code' FROM touched
  ), changed AS (
    (SELECT * FROM was EXCEPT SELECT * FROM became)
    UNION ALL
    (SELECT * FROM became EXCEPT SELECT * FROM was)
  )
  SELECT DISTINCT shop_id, date_trunc('hour', order_placed_at, 'UTC'),
         analytics_transaction()
    FROM changed
      ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_remember_move() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO analytics_moved (shop_id, left_hour, order_id)
  VALUES (OLD.shop_id, date_trunc('hour', OLD.order_placed_at, 'UTC'), OLD.id)
      ON CONFLICT (shop_id, left_hour, order_id) DO UPDATE SET moved_at = now();
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_forget_all() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  DELETE FROM analytics_rolledup;
  RETURN NULL;
END $body$;
"""

MARK = """
  INSERT INTO analytics_mark (shop_id, hour, transaction)
  SELECT DISTINCT o.shop_id, date_trunc('hour', o.order_placed_at, 'UTC'),
         analytics_transaction()
    FROM (SELECT DISTINCT shop_id, order_id FROM {rows}) AS r
   CROSS JOIN LATERAL (
           SELECT shop_id, order_placed_at FROM orders_order
            WHERE shop_id = r.shop_id AND id = r.order_id OFFSET 0
         ) AS o
      ON CONFLICT DO NOTHING;
"""
"""From each row to its order by the index, whatever the planner thinks of how many rows there are."""

CHILD = """
CREATE FUNCTION analytics_mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
{one}
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_mark_changed_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
{both}
  RETURN NULL;
END $body$;
"""

# name: table, columns that numbers are made of, rows that they are made of
CHILDREN = {
    "parcels": (
        "shipments_shipment",
        """id, carrier_reference, phase, flag, tracking_placed_at, delivered_at, promised_end,
           arrival_end, arrival_source, is_test""",
        "tracking_number IS NOT NULL",
    ),
    "claims": (
        "claims_claim",
        "id, shipment_id, reason, flow, status, selected_items, phase_when_filed, deleted_at",
        "true",
    ),
    "ratings": ("engagement_rating", "id, shipment_id, score", "true"),
    "actions": ("engagement_pageaction", "id, kind", "true"),
    "attributions": ("campaigns_attribution", "id, campaign_id", "true"),
}

SCAN_ROWS = """(
    SELECT s.shop_id, s.order_id
      FROM {touched} AS scan
     CROSS JOIN LATERAL (
             SELECT shop_id, order_id FROM shipments_shipment
              WHERE shop_id = scan.shop_id AND id = scan.shipment_id OFFSET 0
           ) AS s
     WHERE scan.phase IN ('in_delivery', 'delivery_failed')
  ) AS of_scans"""

TRIGGERS = """
CREATE TRIGGER analytics_inserted AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION analytics_mark_{name}();
CREATE TRIGGER analytics_deleted AFTER DELETE ON {table}
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION analytics_mark_{name}();
CREATE TRIGGER analytics_updated AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS left_rows NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION analytics_mark_changed_{name}();
CREATE TRIGGER analytics_truncated AFTER TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION analytics_forget_all();
"""

MOVES = """
CREATE TRIGGER analytics_moved AFTER UPDATE OF order_placed_at ON orders_order FOR EACH ROW
  WHEN (date_trunc('hour', OLD.order_placed_at, 'UTC')
        <> date_trunc('hour', NEW.order_placed_at, 'UTC'))
  EXECUTE FUNCTION analytics_remember_move();
"""


def child(name):
    table, columns, counted = CHILDREN[name]
    was = f"SELECT shop_id, order_id, {columns} FROM left_rows WHERE {counted}"
    became = f"SELECT shop_id, order_id, {columns} FROM touched WHERE {counted}"
    changed = f"(({was} EXCEPT {became}) UNION ALL ({became} EXCEPT {was})) AS changed"
    return CHILD.format(
        name=name,
        one=MARK.format(rows=f"touched WHERE {counted}"),
        both=MARK.format(rows=changed),
    ) + TRIGGERS.format(table=table, name=name)


def scans():
    both = "(SELECT * FROM left_rows UNION ALL SELECT * FROM touched)"
    return CHILD.format(
        name="scans",
        one=MARK.format(rows=SCAN_ROWS.format(touched="touched")),
        both=MARK.format(rows=SCAN_ROWS.format(touched=both)),
    ) + TRIGGERS.format(table="shipments_scan", name="scans")


def orders():
    triggers = TRIGGERS.format(table="orders_order", name="orders")
    return triggers + MOVES


TABLES = {
    "orders": "orders_order",
    "scans": "shipments_scan",
    **{name: table for name, (table, _, _) in CHILDREN.items()},
}

FORWARDS = FUNCTIONS + orders() + scans() + "".join(child(name) for name in CHILDREN)

BACKWARDS = (
    "DROP TRIGGER analytics_moved ON orders_order;"
    + "".join(
        f"DROP TRIGGER analytics_{event} ON {table};"
        for table in TABLES.values()
        for event in ("inserted", "updated", "deleted", "truncated")
    )
    + "".join(
        f"DROP FUNCTION analytics_mark_{name}(); DROP FUNCTION analytics_mark_changed_{name}();"
        for name in TABLES
    )
    + "DROP FUNCTION analytics_remember_move(); DROP FUNCTION analytics_forget_all();"
    + "DROP FUNCTION analytics_transaction();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0002_rollups"),
        ("campaigns", "0001_campaigns"),
        ("claims", "0001_claims"),
        ("engagement", "0001_ratings_page_actions"),
        ("orders", "0005_test_orders"),
        ("shipments", "0008_shipment_lists"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
