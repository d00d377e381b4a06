"""Asking people into a shop by e-mail: they follow a link, and are members."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.audit import edited_by
from shops.errors import InvitationForSomebodyElse, InvitationNotFound, MemberExists
from shops.keys import digest_of
from shops.models import Invitation, Membership, Role, Shop, User

VALID_FOR = timedelta(days=7)
TOKEN_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Invited:
    invitation: Invitation
    token: str
    """For the link, which nobody can read again."""


@transaction.atomic
def invite(shop: Shop, *, email: str, role: Role, invited_by: User) -> Invited:
    """Ask whoever has this address into the shop; asking again makes the link before invalid.

    Raises MemberExists where the person is a member already.
    """
    email = User.objects.normalize_email(email)
    if Membership.objects.filter(shop=shop, user__email__iexact=email).exists():
        raise MemberExists(_("%s is a member of this shop already.") % email)
    token = token_urlsafe(TOKEN_BYTES)
    Shop.objects.select_for_update().get(pk=shop.pk)
    Invitation.objects.filter(shop=shop, email__iexact=email).delete()
    invitation = Invitation.objects.create(
        shop=shop,
        email=email,
        role=role,
        digest=digest_of(token),
        invited_by=invited_by,
        expires_at=timezone.now() + VALID_FOR,
    )
    return Invited(invitation=invitation, token=token)


def find_invitation(token: str) -> Invitation:
    """Raises InvitationNotFound for what was withdrawn, used, or is too old."""
    found = Invitation.objects.select_related("shop", "invited_by")
    invitation = found.filter(digest=digest_of(token), expires_at__gt=timezone.now()).first()
    if invitation is None:
        raise InvitationNotFound(
            _("This invitation was used, withdrawn or replaced, or is older than a week.")
        )
    return invitation


def invited_user(invitation: Invitation) -> User | None:
    """Who has the address that was invited, if anybody has an account with it."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def accept_invitation(token: str, user: User) -> Membership:
    """Make the person a member; a second time the invitation is not found.

    Raises InvitationForSomebodyElse, InvitationNotFound.
    """
    invitation = _locked(token)
    if user.email.casefold() != invitation.email.casefold():
        said = _("This invitation is for %(invited)s, and you are logged in as %(person)s.")
        names = {"invited": invitation.email, "person": user.email}
        raise InvitationForSomebodyElse(said % names)
    return _admit(invitation, user)


@transaction.atomic
def register_invited(
    token: str, *, name: str, password: str, address: str | None = None
) -> Membership:
    """Make an account for the address that was invited, and the person a member.

    `address`: the network's, from which the person does so; for the audit.

    Raises InvitationNotFound, ValidationError for a password that is too weak, and
    InvitationForSomebodyElse where the address has an account: its owner has to log in.
    """
    invitation = _locked(token)
    if invited_user(invitation) is not None:
        raise _has_account(invitation)
    user = User(email=invitation.email, name=name)
    validate_password(password, user)
    user.set_password(password)
    with edited_by(user, address=address):
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:  # by way of another shop's invitation, at the same moment
            raise _has_account(invitation) from error
        return _admit(invitation, user)


def withdraw_invitation(invitation: Invitation) -> None:
    invitation.delete()


def _has_account(invitation: Invitation) -> InvitationForSomebodyElse:
    said = _("There is an account with %s. Log in, then follow the link again.")
    return InvitationForSomebodyElse(said % invitation.email)


def _locked(token: str) -> Invitation:
    invitation = find_invitation(token)
    if not Invitation.objects.select_for_update().filter(pk=invitation.pk).exists():
        raise InvitationNotFound(_("This invitation was used just now."))
    return invitation


def _admit(invitation: Invitation, user: User) -> Membership:
    membership, _is_new = Membership.objects.get_or_create(
        shop=invitation.shop, user=user, defaults={"role": invitation.role}
    )
    invitation.delete()
    return membership
