"""A shop with very many shipments, made by PostgreSQL itself: for lists and exports.

A year of orders of one parcel each. Their phases, carriers, countries and segments are dealt out
by what is left of their numbers, so that some are frequent, some rare, and each is spread over the
year; what is on its way was placed last.
"""

import psycopg

BATCH = 50_000


def make_shipments(dsn: str, shop_id: str, count: int) -> None:
    """`count` orders with one shipment each, placed in the 365 days that end today."""
    with psycopg.connect(dsn, autocommit=True) as database:
        database.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        for start in range(0, count, BATCH):
            numbers = [start, min(start + BATCH, count) - 1, count]
            with database.transaction():  # in which it is one and the same time
                database.execute(_ORDERS, [shop_id, *_at(numbers)])
                database.execute(_SHIPMENTS, [shop_id, *_at(numbers)])
        for table in ("orders_order", "shipments_shipment"):
            database.execute(f"VACUUM (ANALYZE) {table}")


def _at(numbers: list[int]) -> list[int]:
    first, last, count = numbers
    return [count, first, last]


def _id(kind: str) -> str:
    """An id as we give them (UUID version 7) by the order's time and number."""
    return (
        "(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || "
        f"substr(md5('{kind}' || shop_id || n), 1, 3) || '8' || "
        f"substr(md5('{kind}' || shop_id || n), 4, 15))::uuid"
    )


_NUMBERED = (
    "(SELECT n, %s::uuid AS shop_id, "
    "now() - interval '365 days' * (1 - (n + 1)::float8 / %s) AS at "
    "FROM generate_series(%s, %s) AS n) AS numbered"
)

_ORDERS = f"""
INSERT INTO orders_order (
  id, shop_id, order_number, order_name, external_id, state, order_placed_at, currency,
  total_order_price, discounts, email_id, address, segments, order_analytics,
  expected_number_of_shipments, created_at, updated_at)
SELECT {_id("order")}, shop_id, 'N' || n, '#' || n, 'X' || n, 'fulfilled', at, 'EUR',
  19.99, '[]', 'buyer-' || n || '@example.com',
  jsonb_build_object(
    'name', (ARRAY['Ada Lindqvist', 'Bo Müller', 'Cleo Rossi', 'Dana Novak'])[1 + n %% 4]
            || ' ' || (n %% 5000),
    'city', 'Berlin', 'zip_code', lpad((n %% 99999)::text, 5, '0'),
    'country_code', CASE WHEN n %% 10000 = 77 THEN 'IS' WHEN n %% 100 = 7 THEN 'CH'
                         WHEN n %% 10 = 1 THEN 'AT' ELSE 'DE' END),
  CASE WHEN n %% 20000 = 5 THEN ARRAY['recall'] WHEN n %% 100 = 3 THEN ARRAY['vip', 'new']
       WHEN n %% 3 = 0 THEN ARRAY['returning'] ELSE ARRAY['new'] END,
  '{{}}', 1, at, at
FROM {_NUMBERED}
"""

_SHIPMENTS = f"""
INSERT INTO shipments_shipment (
  id, shop_id, order_id, position, tracking_number, tracking_company, tracking_placed_at,
  carrier_reference, phase, direction, flag, phase_since, last_scan_at, delivered_at, created_at,
  updated_at)
SELECT {_id("shipment")}, shop_id, {_id("order")}, 0,
  CASE WHEN is_draft THEN NULL ELSE '00340434' || lpad(n::text, 12, '0') END, '',
  CASE WHEN is_draft THEN NULL ELSE at + interval '1 day' END,
  CASE WHEN is_draft THEN '' WHEN n %% 1000 = 9 THEN 'swisspost' WHEN n %% 20 = 4 THEN 'ups'
       WHEN n %% 5 = 2 THEN 'hrs' ELSE 'dhl' END,
  phase,
  CASE WHEN n %% 200 = 11 THEN 'customer_merchant' ELSE 'merchant_customer' END,
  CASE WHEN is_draft THEN 'normal' WHEN n %% 500 = 13 THEN 'error' WHEN n %% 50 = 12 THEN 'delay'
       ELSE 'normal' END,
  at, at, CASE WHEN phase = 'delivered' THEN at + interval '3 days' END, at,
  least(now(), at + interval '3 days')
FROM (
  SELECT *, phase = 'order_created' AS is_draft FROM (
    SELECT *, CASE
      WHEN at > now() - interval '1 day' THEN 'order_created'
      WHEN at > now() - interval '5 days' THEN
        (ARRAY['order_processed', 'in_transit', 'in_transit', 'in_delivery'])[1 + n %% 4]
      WHEN n %% 300 = 21 THEN 'returned' WHEN n %% 5000 = 22 THEN 'delivery_failed'
      ELSE 'delivered' END AS phase
    FROM {_NUMBERED}) AS phased) AS drafted
"""
