"""Triggers that mark what changed: see docs/adr/0008-marks-and-rollups.md.

They are of rows, and fire only where something changed that numbers are made of: what does not
concern them costs a comparison, and the function of a trigger is one short statement. (Triggers of
statements, with the changed rows as a table, cost a single upsert four times as much.) A mark
names the hour of the order, in UTC, so that it takes no time zone; and its transaction, so that no
two transactions ever wait for each other. Ids of transactions begin anew in a database that was
restored; with the time at which they began, they do not repeat.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION analytics_transaction() RETURNS bigint LANGUAGE sql STABLE AS $body$
  SELECT hashint8extended(
    pg_current_xact_id()::text::bigint, (extract(epoch FROM now()) * 1000000)::bigint
  )
$body$;

CREATE FUNCTION analytics_mark_order() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO analytics_mark (shop_id, hour, transaction)
    VALUES (OLD.shop_id, date_bin('1 hour', OLD.order_placed_at, '0001-01-01Z'),
            analytics_transaction())
        ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO analytics_mark (shop_id, hour, transaction)
    VALUES (NEW.shop_id, date_bin('1 hour', NEW.order_placed_at, '0001-01-01Z'),
            analytics_transaction())
        ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_mark_order_of_row() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO analytics_mark (shop_id, hour, transaction)
    SELECT shop_id, date_bin('1 hour', order_placed_at, '0001-01-01Z'), analytics_transaction()
      FROM orders_order WHERE shop_id = OLD.shop_id AND id = OLD.order_id
        ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.order_id <> OLD.order_id THEN
    INSERT INTO analytics_mark (shop_id, hour, transaction)
    SELECT shop_id, date_bin('1 hour', order_placed_at, '0001-01-01Z'), analytics_transaction()
      FROM orders_order WHERE shop_id = NEW.shop_id AND id = NEW.order_id
        ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_mark_order_of_scan() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  scan shipments_scan := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO analytics_mark (shop_id, hour, transaction)
  SELECT o.shop_id, date_bin('1 hour', o.order_placed_at, '0001-01-01Z'), analytics_transaction()
    FROM shipments_shipment AS s
    JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id
   WHERE s.shop_id = scan.shop_id AND s.id = scan.shipment_id
      ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_remember_move() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO analytics_moved (shop_id, left_hour, order_id)
  VALUES (OLD.shop_id, date_bin('1 hour', OLD.order_placed_at, '0001-01-01Z'), OLD.id)
      ON CONFLICT (shop_id, left_hour, order_id) DO UPDATE SET moved_at = now();
  RETURN NULL;
END $body$;

CREATE FUNCTION analytics_forget_all() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  DELETE FROM analytics_rolledup;
  RETURN NULL;
END $body$;
"""

TRIGGERS = """
CREATE TRIGGER analytics_inserted AFTER INSERT ON {table}
  FOR EACH ROW WHEN ({inserted}) EXECUTE FUNCTION {function}();
CREATE TRIGGER analytics_deleted AFTER DELETE ON {table}
  FOR EACH ROW WHEN ({deleted}) EXECUTE FUNCTION {function}();
CREATE TRIGGER analytics_updated AFTER UPDATE ON {table}
  FOR EACH ROW WHEN ({updated}) EXECUTE FUNCTION {function}();
CREATE TRIGGER analytics_truncated AFTER TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION analytics_forget_all();
"""

MOVES = """
CREATE TRIGGER analytics_moved AFTER UPDATE OF order_placed_at ON orders_order FOR EACH ROW
  WHEN (date_bin('1 hour', OLD.order_placed_at, '0001-01-01Z')
        <> date_bin('1 hour', NEW.order_placed_at, '0001-01-01Z'))
  EXECUTE FUNCTION analytics_remember_move();
"""

# table: its function, the rows that numbers count, what of them they are made of
COUNTED = {
    "orders_order": (
        "analytics_mark_order",
        "true",
        """{row}.order_placed_at, {row}.state = 'cancelled', {row}.is_test, {row}.currency,
           {row}.segments, {row}.total_order_price, {row}.address->>'country_code'""",
    ),
    "shipments_shipment": (
        "analytics_mark_order_of_row",
        "{row}.tracking_number IS NOT NULL",
        """{row}.order_id, {row}.carrier_reference, {row}.phase, {row}.flag,
           {row}.tracking_placed_at, {row}.delivered_at, {row}.promised_end, {row}.arrival_end,
           {row}.arrival_source, {row}.is_test""",
    ),
    "shipments_scan": (
        "analytics_mark_order_of_scan",
        "{row}.phase IN ('in_delivery', 'delivery_failed')",
        "{row}.shipment_id, {row}.phase, {row}.event_name, {row}.event_time",
    ),
    "claims_claim": (
        "analytics_mark_order_of_row",
        "true",
        """{row}.order_id, {row}.shipment_id, {row}.reason, {row}.flow, {row}.status,
           {row}.selected_items, {row}.phase_when_filed, {row}.deleted_at""",
    ),
    "engagement_rating": (
        "analytics_mark_order_of_row",
        "true",
        "{row}.order_id, {row}.shipment_id, {row}.score",
    ),
    "engagement_pageaction": (
        "analytics_mark_order_of_row",
        "true",
        "{row}.order_id, {row}.kind",
    ),
    "campaigns_attribution": (
        "analytics_mark_order_of_row",
        "true",
        "{row}.order_id, {row}.campaign_id",
    ),
}


def triggers(table):
    function, counted, parts = COUNTED[table]
    was, became = counted.format(row="OLD"), counted.format(row="NEW")
    changed = (
        f"({was}, {parts.format(row='OLD')}) IS DISTINCT FROM ({became}, {parts.format(row='NEW')})"
    )
    return TRIGGERS.format(
        table=table,
        function=function,
        inserted=became,
        deleted=was,
        updated=f"({was} OR {became}) AND {changed}",
    )


FORWARDS = FUNCTIONS + "".join(triggers(table) for table in COUNTED) + MOVES

FUNCTION_NAMES = (
    "mark_order",
    "mark_order_of_row",
    "mark_order_of_scan",
    "remember_move",
    "forget_all",
    "transaction",
)

BACKWARDS = (
    "DROP TRIGGER analytics_moved ON orders_order;"
    + "".join(
        f"DROP TRIGGER analytics_{event} ON {table};"
        for table in COUNTED
        for event in ("inserted", "updated", "deleted", "truncated")
    )
    + "".join(f"DROP FUNCTION analytics_{name}();" for name in FUNCTION_NAMES)
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
