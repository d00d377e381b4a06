from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from shops.errors import InvitationForSomebodyElse, InvitationNotFound, MemberExists
from shops.invitation_mail import mail_invitation
from shops.invitations import accept_invitation, find_invitation, invite, register_invited
from shops.models import Invitation, Membership, Role, User
from tests.factories import make_member, make_shop

pytestmark = pytest.mark.django_db


def invited(shop=None, **changes):
    shop = shop or make_shop()
    asked = {"email": "new@example.com", "role": Role.EDITOR, "invited_by": make_member(shop)}
    return invite(shop, **{**asked, **changes})


def test_whoever_is_invited_makes_an_account_and_is_a_member():
    asked = invited()

    membership = register_invited(asked.token, name="New Person", password="a long pass phrase")

    assert membership.role == Role.EDITOR
    assert membership.user.email == "new@example.com"
    assert membership.user.check_password("a long pass phrase")


def test_an_invitation_works_once():
    asked = invited()
    register_invited(asked.token, name="", password="a long pass phrase")

    with pytest.raises(InvitationNotFound):
        find_invitation(asked.token)


def test_an_invitation_ends_after_a_week():
    asked = invited()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(InvitationNotFound):
        register_invited(asked.token, name="", password="a long pass phrase")


def test_asking_again_replaces_the_link_before():
    shop = make_shop()
    first = invited(shop)

    second = invited(shop, email="NEW@example.com")

    assert find_invitation(second.token).shop == shop
    with pytest.raises(InvitationNotFound):
        find_invitation(first.token)


def test_a_weak_password_keeps_the_invitation():
    asked = invited()

    with pytest.raises(ValidationError):
        register_invited(asked.token, name="", password="short")

    assert find_invitation(asked.token).email == "new@example.com"
    assert not User.objects.filter(email="new@example.com").exists()


def test_who_has_an_account_joins_with_it():
    person = make_member(make_shop(), email="known@example.com")
    asked = invited(email="Known@example.com")

    membership = accept_invitation(asked.token, person)

    assert membership.user == person


def test_an_account_cannot_be_taken_over_by_an_invitation():
    make_member(make_shop(), email="known@example.com")
    asked = invited(email="known@example.com")

    with pytest.raises(InvitationForSomebodyElse):
        register_invited(asked.token, name="", password="a long pass phrase")


def test_nobody_else_joins_with_the_link():
    asked = invited()

    with pytest.raises(InvitationForSomebodyElse):
        accept_invitation(asked.token, make_member(make_shop()))

    assert find_invitation(asked.token)


def test_members_are_not_invited_again():
    shop = make_shop()
    make_member(shop, email="here@example.com")

    with pytest.raises(MemberExists):
        invited(shop, email="HERE@example.com")


def test_the_mail_leads_to_the_link_in_the_inviters_language():
    asked = invited()

    mail_invitation(asked.invitation.id, "https://portal.example/invitations/x", "de")

    [sent] = mail.outbox
    assert sent.to == ["new@example.com"]
    assert "https://portal.example/invitations/x" in sent.body
    assert sent.subject.startswith("Einladung zu")


def test_a_withdrawn_invitation_is_not_mailed():
    asked = invited()
    asked.invitation.delete()

    assert mail_invitation(asked.invitation.id, "https://portal.example/", "en") is False
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_the_link_at_once_make_one_account():
    asked = invited()

    def follow(name):
        try:
            register_invited(asked.token, name=name, password="a long pass phrase")
        except (InvitationNotFound, InvitationForSomebodyElse):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        joined = list(pool.map(follow, "abcd"))

    assert sum(joined) == 1
    assert Membership.objects.filter(user__email="new@example.com").count() == 1
