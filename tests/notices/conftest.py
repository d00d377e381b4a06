from tests.webhooks.conftest import loopback_allowed, receiver

__all__ = ["loopback_allowed", "receiver"]
