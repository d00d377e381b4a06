"""A shop's program, calling the API as it would over the network."""

import base64
import json
from typing import Any

from django.test import Client

from shops.models import Role, Shop
from tests.factories import make_key


class ShopClient:
    """Calls below /v1/shops/{slug}/, or another root, with a key of the shop.

    Never raises for a 500.
    """

    def __init__(
        self,
        shop: Shop,
        *,
        role: Role = Role.EDITOR,
        slug: str | None = None,
        root: str | None = None,
    ) -> None:
        self.shop = shop
        _, secret = make_key(shop, role)
        self.root = f"/v1/shops/{slug or shop.slug}" if root is None else root
        self.headers = {"Authorization": basic(shop.slug, secret)}
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`body` goes as JSON, or as it is when it is bytes."""
        content = body if isinstance(body, bytes) else b"" if body is None else dumps(body)
        return self.client.generic(
            method,
            self.root + path,
            content,
            content_type="application/json",
            headers={**self.headers, **headers},
        )

    def get(self, path: str = "/orders", **headers: str) -> Any:
        return self.request("GET", path, **headers)

    def put(self, body: Any, path: str = "/orders", **headers: str) -> Any:
        return self.request("PUT", path, body, **headers)

    def post(self, body: Any, path: str = "/orders", **headers: str) -> Any:
        return self.request("POST", path, body, **headers)

    def patch(self, body: Any, path: str, **headers: str) -> Any:
        return self.request("PATCH", path, body, **headers)

    def order(self, number: str) -> dict[str, Any]:
        [order] = self.get(f"/orders?order_number={number}").json()
        return order


def basic(username: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()


def dumps(body: Any) -> bytes:
    return json.dumps(body).encode()


def assert_refused(response: Any, status: int, key: str) -> dict[str, Any]:
    """The response is this refusal, in the one form that refusals have; answers its body."""
    body = response.json()
    assert (response.status_code, body["key"]) == (status, key), body
    assert set(body) == {"errors", "key", "message", "type"}
    assert body["type"] == ("api_error" if status >= 500 else "invalid_request_error")
    assert body["message"]
    for error in body["errors"]:
        assert set(error) == {"loc", "msg", "field", "type"}
    return body
