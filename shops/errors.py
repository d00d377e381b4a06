from common.errors import Conflict, Missing


class ShopNotFound(Missing):
    """No such shop, or none that the caller may see: the two are not told apart."""

    key = "shop_not_found"


class ShopExists(Conflict):
    key = "shop_exists"
