from pathlib import Path

import pytest

from tests.webhooks.conftest import loopback_allowed, receiver

__all__ = ["loopback_allowed", "media", "receiver"]


@pytest.fixture
def media(settings, tmp_path) -> Path:
    """Where this test's files are stored."""
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}
    return tmp_path
