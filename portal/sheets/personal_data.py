"""What uploaded files hold of customers: rows of their orders, and rows that name their e-mail."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Ageing, Held

HELD = (
    Held(
        what=_("Rows of imported files"),
        table="sheets_importedrow",
        by_address=True,
        rows="""(held.order_import_id, CASE held.first WHEN 0 THEN -held.number ELSE held.first END)
            IN (SELECT row.order_import_id,
                       CASE row.first WHEN 0 THEN -row.number ELSE row.first END
                  FROM sheets_importedrow AS row
                  JOIN sheets_orderimport AS file
                    ON file.shop_id = row.shop_id AND file.id = row.order_import_id
                 WHERE row.shop_id = %(shop)s AND (
                    position(%(address)s IN lower(row.cells::text || row.reason)) > 0
                    OR row.cells[array_position(file.columns, 'order_number')] IN (
                        SELECT o.order_number FROM orders_order AS o
                         WHERE o.shop_id = %(shop)s AND o.id = ANY(%(orders)s))))""",
        becomes={"cells": "'{}'", "reason": "''"},
    ),
    Held(
        what=_("Names of imported files"),
        table="sheets_orderimport",
        by_address=True,
        untold=("content",),
        rows="""position(%(address)s IN lower(held.file_name)) > 0
            OR lower(held.file_name) ~ ANY(%(words)s::text[])""",
        becomes={"file_name": r"concat('…', substring(file_name from '\.[A-Za-z0-9]+$'))"},
    ),
)
_OLD = """SELECT file.id FROM sheets_orderimport AS file
           WHERE file.shop_id = %(shop)s AND file.created_at < %(before)s"""

AGEING = (
    Ageing(
        setting="import_days",
        held=Held(
            what=_("Rows of imported files"),
            table="sheets_importedrow",
            rows=f"held.order_import_id IN ({_OLD})",
            goes=True,
        ),
    ),
    Ageing(
        setting="import_days",
        held=Held(
            what=_("Imported files"),
            table="sheets_orderimport",
            rows="""held.created_at < %(before)s AND NOT EXISTS (
                SELECT FROM sheets_importedrow AS row
                 WHERE row.shop_id = held.shop_id AND row.order_import_id = held.id)""",
            goes=True,
        ),
    ),
)
