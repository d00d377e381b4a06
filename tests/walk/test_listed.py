"""A URL that nobody walks fails here, or in the permission matrices."""

from karla_portal.urls import urlpatterns
from portal.people.account_urls import other_names
from portal.people.account_urls import urlpatterns as account_patterns
from tests.walk.listed import (
    ACCOUNT,
    ACCOUNT_WITH_SECOND_FACTOR,
    NO_OTHER_PAGES,
    NO_PAGES_OF_ACCOUNT,
    OTHERS,
    named,
)


def test_every_page_of_an_account_is_walked_or_says_why_not():
    known = ACCOUNT | ACCOUNT_WITH_SECOND_FACTOR | NO_PAGES_OF_ACCOUNT.keys()

    assert set(named([*account_patterns, *other_names])) == known


def test_every_single_page_is_walked_or_says_why_not():
    single = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)}

    assert single == OTHERS | NO_OTHER_PAGES.keys()
