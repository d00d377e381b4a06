"""What a password must not be like, in the words of this portal's people."""

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class UnlikePersonValidator(UserAttributeSimilarityValidator):
    """Django's own, for people who have one name, and whose columns are not called in German."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self) -> str:
        return _("The password is too similar to your name or your e-mail address.")
