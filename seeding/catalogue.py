"""What seeded shops sell and where their customers live: `products.toml` and `countries.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    name: str
    province: str
    province_code: str
    zip_codes: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Country:
    code: str
    name: str
    currency: str
    timezone: str
    language: str
    phone: str
    vat: float
    vat_title: str
    street_form: str
    carriers: dict[str, int]
    abroad: list[str]
    first_names: list[str]
    last_names: list[str]
    streets: list[str]
    cities: list[City]


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """What a customer can put into the basket: a product in one size, or a bundle."""

    price: Decimal
    weight: int
    sent: Mapping[str, Any]
    """The product as the shop sends it, but for quantity and taxes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assortment:
    articles: list[Article]
    bundle: Article


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text())


_PRODUCTS = _read("products.toml")

COUNTRIES: dict[str, Country] = {
    code: Country(
        code=code,
        cities=[
            City(name=name, province=province, province_code=province_code, zip_codes=zip_codes)
            for name, province, province_code, zip_codes in fields.pop("cities")
        ],
        **fields,
    )
    for code, fields in _read("countries.toml").items()
}
RANGES: list[str] = [products["name"] for products in _PRODUCTS["ranges"]]
SHOP_NAMES: list[str] = _PRODUCTS["shop_names"]


@cache
def assortment(range_name: str, currency: str, language: str) -> Assortment:
    """Everything a shop of this range sells, in its currency and language."""
    products = next(found for found in _PRODUCTS["ranges"] if found["name"] == range_name)
    articles = [
        _article(products["code"], place, size_place, product, currency, language)
        for place, product in enumerate(products["products"], start=1)
        for size_place, _ in enumerate(product.get("sizes", [""]))
    ]
    return Assortment(
        articles=articles, bundle=_bundle(products, articles[::4][:3], currency, language)
    )


@cache
def cumulative_weights(country_code: str) -> tuple[list[str], list[int]]:
    """The carriers of a country, and their shares added up, for a weighted choice."""
    carriers = COUNTRIES[country_code].carriers
    return list(carriers), list(accumulate(carriers.values()))


def local_price(euros: float, currency: str) -> Decimal:
    """As shops price: 129 becomes 128.90, 141.90 or 1,419."""
    rule = _PRODUCTS["currencies"][currency]
    if rule["ending"] >= 1:
        return Decimal(max(1, round(euros * rule["rate"] / 10)) * 10 - 10 + rule["ending"])
    return Decimal(max(1, int(euros * rule["rate"]))) - 1 + Decimal(str(rule["ending"]))


def _article(
    code: str, place: int, size_place: int, product: dict[str, Any], currency: str, language: str
) -> Article:
    sizes = product.get("sizes")
    price = local_price(product["price"], currency)
    sent = {
        "product_id": f"{70_000 + 100 * place}",
        "variant_id": f"{70_000 + 100 * place + size_place}",
        "sku": f"{code}-{place:03}" + (f"-{size_place + 1}" if sizes else ""),
        "title": product.get(language, product["en"]),
        "price": price,
        "weight": product["weight"],
        "type": "product",
    }
    if sizes:
        sent["size"] = sizes[size_place]
    return Article(price=price, weight=product["weight"], sent=sent)


def _bundle(
    products: dict[str, Any], parts: list[Article], currency: str, language: str
) -> Article:
    price = sum((part.price for part in parts), Decimal(0)) * Decimal("0.9")
    weight = sum(part.weight for part in parts)
    sent = {
        "product_id": "79000",
        "variant_id": "79000",
        "sku": f"{products['code']}-SET",
        "title": products["bundle"].get(language, products["bundle"]["en"]),
        "price": round(price, 2),
        "weight": weight,
        "type": "bundle",
        "bundled_products": [{**part.sent, "quantity": 1} for part in parts],
    }
    return Article(price=round(price, 2), weight=weight, sent=sent)
