import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shops.models import User
from tests.admin.pages import log_in


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("ada@operator.example")


@pytest.fixture
def staff(superuser: User) -> Client:
    """A browser in which a superuser is logged in."""
    return log_in(superuser)


@pytest.fixture
def staff_who_may(db: None):
    """A browser of somebody who enters the admin with just these permissions."""

    def make(*codenames: str) -> Client:
        user = User.objects.create_user(
            f"staff-{User.objects.count()}@operator.example", is_staff=True
        )
        for codename in codenames:
            app, name = codename.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=name)
            )
        return log_in(user)

    return make
