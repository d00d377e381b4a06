"""The base tables as Parquet, with the columns that the home page's numbers take."""

from pathlib import Path

import duckdb
from django.db import connection

TABLES: dict[str, str] = {
    "orders_order": "id, shop_id, order_placed_at, currency, total_order_price, state, is_test",
    "shipments_shipment": (
        "id, shop_id, order_id, tracking_number, phase, flag, is_test, tracking_placed_at, "
        "delivered_at, promised_end"
    ),
    "shipments_scan": "shop_id, shipment_id, phase, event_name",
    "claims_claim": "shop_id, order_id, deleted_at",
    "campaigns_attribution": "shop_id, order_id",
    "engagement_pageaction": "shop_id, order_id, kind",
    "engagement_rating": "shop_id, shipment_id, score",
}
TYPES = {
    "order_placed_at": "TIMESTAMPTZ",
    "tracking_placed_at": "TIMESTAMPTZ",
    "delivered_at": "TIMESTAMPTZ",
    "promised_end": "TIMESTAMPTZ",
    "deleted_at": "TIMESTAMPTZ",
    "total_order_price": "DECIMAL(18, 4)",
    "is_test": "BOOLEAN",
    "score": "INTEGER",
}


def export(folder: Path) -> None:
    """Sorted by shop, so that DuckDB may skip the others' rows; ids stay UUIDs."""
    folder.mkdir(exist_ok=True)
    for table, columns in TABLES.items():
        target = folder / f"{table}.parquet"
        lines = folder / f"{table}.csv"
        with lines.open("wb") as file, connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            query = f"COPY (SELECT {columns} FROM {table} ORDER BY shop_id) TO STDOUT (FORMAT csv)"
            with cursor.cursor.copy(query) as copied:
                for block in copied:
                    file.write(block)
        names = [name.strip() for name in columns.split(",")]
        typed = {name: TYPES.get(name, _type(name)) for name in names}
        duckdb.execute(
            f"COPY (SELECT * FROM read_csv('{lines}', auto_detect = false, columns = {typed}))"
            f" TO '{target}' (FORMAT parquet)"
        )
        lines.unlink()


def _type(name: str) -> str:
    return "UUID" if name == "id" or name.endswith("_id") else "VARCHAR"
