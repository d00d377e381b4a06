from common.errors import Conflict, Denied, Missing


class ShopNotFound(Missing):
    """No such shop, or none that the caller may see: the two are not told apart."""

    key = "shop_not_found"


class ShopExists(Conflict):
    key = "shop_exists"


class MemberExists(Conflict):
    """The person who is invited is in the shop already."""

    key = "member_exists"


class MemberNotFound(Missing):
    """Whoever was a member left while the page was open."""

    key = "member_not_found"


class LastAdmin(Conflict):
    """A shop keeps one admin at least, who can let others in."""

    key = "last_admin"


class InvitationNotFound(Missing):
    """No such invitation, or it was withdrawn, used, or is too old: these are not told apart."""

    key = "invitation_not_found"


class InvitationForSomebodyElse(Denied):
    """It was sent to another address than that of whoever is logged in."""

    key = "invitation_for_somebody_else"


class KeyOfOtherShops(Denied):
    """The key opens other shops, too, of which the member may not be an admin."""

    key = "key_of_other_shops"
