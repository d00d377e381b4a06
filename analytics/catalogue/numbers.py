"""Every number, by its name in URLs."""

from analytics.catalogue import anomalies, claims, orders, parcels
from analytics.catalogue.number import Number

NUMBERS: dict[str, Number] = {
    number.name: number
    for number in (*orders.NUMBERS, *parcels.NUMBERS, *claims.NUMBERS, *anomalies.NUMBERS)
}
