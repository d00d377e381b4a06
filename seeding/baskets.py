"""What somebody buys, and what it costs."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from seeding.catalogue import Article, Assortment, Country, local_price
from seeding.customers import pick

CENT = Decimal("0.01")
LINES = (0.5, 0.8, 0.94, 1.0)
"""How many baskets have at most one, two, three, four lines."""
BUNDLES = 0.06
DISCOUNTS = 0.18
Code = tuple[str, str, int]
"""A discount: its code, `percentage` or `fixed_amount`, and how much."""
CODES: tuple[Code, ...] = (
    ("WELCOME10", "percentage", 10),
    ("FRIENDS15", "percentage", 15),
    ("SEASON20", "percentage", 20),
    ("THANKS5", "fixed_amount", 5),
)
SHIPPING = 4.99
FREE_SHIPPING_FROM = 60.0
"""Both in euro, before the shop's currency is taken into account."""


@dataclass(kw_only=True, slots=True)
class Basket:
    products: list[dict[str, Any]] = field(default_factory=list)
    discounts: list[dict[str, Any]] = field(default_factory=list)
    sub_total: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    weight: int = 0

    @property
    def total(self) -> Decimal:
        return self.sub_total - self.discount + self.shipping


def fill_basket(
    rng: Random, assortment: Assortment, home: Country, currency: str, *, code: Code | None = None
) -> Basket:
    """Prices are in `currency`; `code` is a discount that is taken for sure."""
    chance = rng.random
    basket = Basket()
    draw = chance()
    count = next(number for number, share in enumerate(LINES, start=1) if draw < share)
    chosen: dict[str, Article] = {}
    while len(chosen) < count:
        article = assortment.bundle if chance() < BUNDLES else pick(rng, assortment.articles)
        chosen[article.sent["sku"]] = article
    for article in chosen.values():
        quantity = 1 if chance() < 0.82 else 2 + int(chance() * 2)
        _add(basket, article, quantity, home, currency)
    drawn = pick(rng, CODES) if chance() < DISCOUNTS else None
    if taken := code or drawn:
        _deduct(basket, *taken, currency)
    if basket.sub_total - basket.discount < local_price(FREE_SHIPPING_FROM, currency):
        basket.shipping = local_price(SHIPPING, currency)
    return basket


def _add(basket: Basket, article: Article, quantity: int, home: Country, currency: str) -> None:
    price = article.price * quantity
    tax = {
        "title": home.vat_title,
        "rate": home.vat,
        "price": round(float(price) * home.vat / (1 + home.vat), 2),
        "currency": currency,
    }
    basket.products.append({**article.sent, "quantity": quantity, "tax_lines": [tax]})
    basket.sub_total += price
    basket.weight += article.weight * quantity


def _deduct(basket: Basket, code: str, kind: str, amount: int, currency: str) -> None:
    if kind == "percentage":
        basket.discount = (basket.sub_total * amount / 100).quantize(CENT)
    else:
        basket.discount = min(local_price(amount, currency), basket.sub_total)
    sent = f"{amount}.0" if kind == "percentage" else str(basket.discount)
    basket.discounts.append({"code": code, "amount": sent, "type": kind})
