"""The product's settings, with one address more: `benchmarks.constant`."""

from karla_portal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
