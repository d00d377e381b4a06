"""The floor of reads: an answer of a given size that is found without looking for it.

The request goes the whole way of any other one: all middleware, the key looked up in the database,
the role, the rate limit.
"""

from functools import cache

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from benchmarks.product import Product
from shops.api.views import ShopView


class ConstantView(ShopView):
    def get(self, request: Request, slug: str, size: int) -> HttpResponse:
        return HttpResponse(_text_of(size), content_type="application/json")


def constant_page(request: HttpRequest, size: int) -> HttpResponse:
    """For people: behind what customers' pages stand behind."""
    return HttpResponse(_text_of(size))


def constant_request(product: Product, size: int) -> bytes:
    """Of an answer of so many bytes, at least 2."""
    return product.request("GET", f"/constant/{size}")


@cache
def _text_of(size: int) -> bytes:
    return b'"' + b"x" * (size - 2) + b'"'
