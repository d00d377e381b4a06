import hmac
import time
from base64 import b64encode

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from webhooks.signing import is_genuine, karla_signature, new_secret, signature_headers


def test_the_signature_is_the_hmac_of_time_and_body_under_the_secret_as_text():
    expected = hmac.new(b"a secret of the shop", b'1700000000.{"a":1}', "sha256").hexdigest()

    assert karla_signature(b'{"a":1}', "a secret of the shop", 1_700_000_000) == expected


@pytest.mark.parametrize(
    "secret", ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a secret of the shop"]
)
def test_the_library_of_standard_webhooks_verifies_it(secret):
    body = '{"a": "ü"}'.encode()
    headers = signature_headers(
        body, message_id="m-1", secrets=[secret], timestamp=int(time.time())
    )
    key = secret if secret.startswith("whsec_") else b64encode(secret.encode()).decode()

    assert Webhook(key).verify(body, headers) == {"a": "ü"}
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(body + b" ", headers)


def test_a_receiver_takes_what_is_signed_with_its_secret_and_recent_and_nothing_else():
    headers = signature_headers(b"{}", message_id="m", secrets=["new" * 6, "old" * 6], timestamp=9)
    header = headers["Karla-Signature"]

    assert all(is_genuine(header, b"{}", secret * 6, now=309) for secret in ("new", "old"))
    assert not is_genuine(header, b"{}", "new" * 6, now=310)
    assert not is_genuine(header, b"{ }", "new" * 6, now=9)
    assert not is_genuine(header, b"{}", "other" * 4, now=9)
    assert not is_genuine("v1=ab", b"{}", "new" * 6, now=9)


def test_during_a_rotation_both_secrets_sign():
    old, new = new_secret(), new_secret()
    headers = signature_headers(
        b"{}", message_id="m", secrets=[new, old], timestamp=int(time.time())
    )

    assert headers["Karla-Signature"].count("v1=") == 2
    for secret in (old, new):
        assert Webhook(secret).verify(b"{}", headers) == {}


def test_made_secrets_are_of_a_length_that_may_also_be_given():
    assert 16 <= len(new_secret()) <= 64
    assert new_secret() != new_secret()
