from common.errors import Missing


class ShopNotFound(Missing):
    """No such shop, or none that the caller may see: the two are not told apart."""

    key = "shop_not_found"
