"""Every number that is made of cells, by its name in URLs."""

from analytics.catalogue import claims, orders, parcels
from analytics.catalogue.number import Number

NUMBERS: dict[str, Number] = {
    number.name: number for number in (*orders.NUMBERS, *parcels.NUMBERS, *claims.NUMBERS)
}
