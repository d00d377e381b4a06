"""The bases of every endpoint: for any key, and for a key with a role in the shop of the URL."""

from typing import Any, ClassVar, cast

from rest_framework.request import Request

from common.errors import Denied
from shops.api.authentication import ApiKeyAuthentication
from shops.api.endpoint import Endpoint
from shops.errors import ShopNotFound
from shops.keys import Access
from shops.models import Role, Shop


class KeyView(Endpoint):
    """Admits any valid key: for what says nothing of a shop. 401 without one."""

    authentication_classes = (ApiKeyAuthentication,)


class ShopView(KeyView):
    """Admits a key to the shop in the URL with the role that the method asks for.

    401 without a valid key, 404 for a shop it cannot see, 403 for too small a role; in this order.
    """

    roles: ClassVar[dict[str, Role]] = dict.fromkeys(("GET", "HEAD", "OPTIONS"), Role.VIEWER)
    """The smallest role for each method; EDITOR for a method that is not named."""

    shop: Shop

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        access = cast("Access", request.auth)
        if access.shop is None or access.role is None:
            raise ShopNotFound(f"There is no shop “{kwargs['slug']}” that this key can see.")
        if not hasattr(self, (request.method or "").lower()):
            self.http_method_not_allowed(request)
        needed = self.roles.get(request.method or "", Role.EDITOR)
        if not access.role.includes(needed):
            raise Denied(f"This takes the role {needed}; the key has {access.role} in this shop.")
        self.shop = access.shop
