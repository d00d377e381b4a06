"""The mail that asks a person into a shop."""

from uuid import UUID

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from shops.models import Invitation


def mail_invitation(invitation_id: UUID, url: str, language: str) -> bool:
    """Sends it, in that language, unless the invitation is gone; whether it was sent.

    Raises what the mail server's refusal raises.
    """
    found = Invitation.objects.select_related("shop", "invited_by").filter(pk=invitation_id)
    invitation = found.first()
    if invitation is None:
        return False
    with translation.override(language):
        subject = _("You are invited to %s") % invitation.shop.name
        inviter = invitation.invited_by
        said = _(
            "%(inviter)s invites you to work on %(shop)s.\n\n"
            "Follow this link within a week:\n%(url)s\n\n"
            "If you did not expect this, do nothing."
        )
        names = {
            "inviter": inviter.get_full_name() if inviter else invitation.shop.name,
            "shop": invitation.shop.name,
            "url": url,
        }
    one_line = " ".join(subject.split())
    send_mail(one_line, f"{said % names}\n", None, [invitation.email])
    return True
