"""Texts of libraries (allauth, DRF) whose German says them in the familiar form, or wrongly.

The portal says “Sie”: what is written here is translated in the portal's own file, which Django
asks before theirs.
"""

from django.utils.translation import gettext_lazy as _

TEXTS = (
    _("Enter a valid URL."),
    _("Enter a valid email address."),
    _("Be patient, you are sending too many requests."),
    _("Please select only one."),
    _("Please type your current password."),
    _("Too many failed login attempts. Try again later."),
    _("You must type the same password each time."),
    _("Your password has been changed."),
    _("Your password is now changed."),
    _("You have signed out."),
    _("Are you sure you want to sign out?"),
    _("Please contact us if you have any trouble resetting your password."),
    _("In case you forgot, your username is %(username)s."),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    _(
        "You're receiving this email because you or someone else has requested a password reset "
        "for your user account.\nIt can be safely ignored if you did not request a password reset. "
        "Click the link below to reset your password."
    ),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an email "
        "allowing you to reset it."
    ),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. "
        "Otherwise contact us if you do not receive it in a few minutes."
    ),
    _(
        "The password reset link was invalid, possibly because it has already been used.  Please "
        'request a <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
)

FAULTY = (
    _(
        "If you do not recognize this change then please take proper security precautions "
        "immediately. The change to your account originates from:\n\n- IP address: %(ip)s\n"
        "- Browser: %(user_agent)s\n- Date: %(timestamp)s"
    ),
)
"""Whose German has a slip: this one ends with a quotation mark."""
