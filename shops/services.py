"""Making shops, and letting people into them."""

from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.errors import ShopExists
from shops.models import Membership, Organization, Role, Shop, User

FIRST_PASSWORD_BYTES = 15
"""120 random bits, 20 characters."""


@transaction.atomic
def create_shop(*, slug: str, name: str, organization: str = "", **settings: str) -> Shop:
    """A new shop, in an organization of its own unless `organization` names one.

    `settings` are time zone, currency and language; the model's defaults hold for the others.
    Raises ValidationError for what the models refuse, ShopExists where the slug is taken.
    """
    shop = Shop(slug=slug, name=name, **settings)
    shop.clean_fields(exclude=["organization"])
    shop.organization = (
        _organization_named(organization) if organization else _organization_of_its_own(shop)
    )
    try:
        with transaction.atomic():
            shop.save(force_insert=True)
    except IntegrityError as error:
        raise ShopExists(_("There is a shop “%s” already.") % slug) from error
    return shop


def end_setup(shop: Shop) -> None:
    """Nobody needs to be led through setting it up any more; a second time changes nothing."""
    Shop.objects.filter(id=shop.id, setup_ended_at=None).update(setup_ended_at=timezone.now())


def find_or_create_user(email: str) -> tuple[User, str | None]:
    """The person with this address, and their first password if they are new.

    Nobody can read the password again. Raises ValidationError for what is no e-mail address.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known, None
    password = token_urlsafe(FIRST_PASSWORD_BYTES)
    user = User(email=User.objects.normalize_email(email))
    user.set_password(password)
    user.clean_fields()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # somebody else made them meanwhile
        return User.objects.get(email__iexact=email), None
    return user, password


def add_member(shop: Shop, user: User, role: Role) -> Membership:
    """Let the person into the shop; a member already gets the new role."""
    return Membership.objects.update_or_create(shop=shop, user=user, defaults={"role": role})[0]


def make_staff(user: User) -> User:
    """Let the person into the back office, with every right there."""
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def _organization_named(name: str) -> Organization:
    Organization(name=name).clean_fields()
    return Organization.objects.get_or_create(name=name)[0]


def _organization_of_its_own(shop: Shop) -> Organization:
    """Named like the shop, and by its slug too where another organization has that name."""
    try:
        with transaction.atomic():
            return Organization.objects.create(name=shop.name)
    except IntegrityError:
        return Organization.objects.create(name=f"{shop.name[:130]} ({shop.slug})")
