"""HTTP Basic with an API key, as the contract's section 1 has it."""

import base64
import binascii

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from common.trace import name_actor
from shops.keys import Access, find_access


class ApiKeyUser:
    """What DRF takes for a user: a program, known by its key."""

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, access: Access) -> None:
        self.access = access
        self.pk = access.key_id

    def __str__(self) -> str:
        return f"API key {self.access.username}"


class ApiKeyAuthentication(BaseAuthentication):
    """Verifying costs one indexed query, which also finds the shop and the role in it."""

    def authenticate(self, request: Request) -> tuple[ApiKeyUser, Access] | None:
        username, secret = _credentials(request)
        slug = request.parser_context["kwargs"].get("slug", "")
        access = find_access(username=username, secret=secret, slug=slug)
        if access is None:
            raise AuthenticationFailed("The username or the API key is wrong, or it has expired.")
        user = ApiKeyUser(access)
        name_actor(
            str(user),
            caller=f"key {access.key_id}",
            key_hint=access.hint,
            shop=access.shop.slug if access.shop else "",
        )
        return user, access

    def authenticate_header(self, request: Request) -> str:
        return 'Basic realm="API", charset="UTF-8"'


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        raise AuthenticationFailed("Send an API key by HTTP Basic authentication.")
    try:
        username, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise AuthenticationFailed("The Authorization header is not valid Basic.") from None
    if not colon:
        raise AuthenticationFailed("The Authorization header holds no password.")
    return username, secret


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names it."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "basic",
            "description": "The username given to the key, and the key as password.",
        }
