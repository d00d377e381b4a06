"""Every stored secret moves to the newest key, whatever else writes meanwhile."""

import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import connection

from common.encryption import decrypt, encrypt, is_current
from portal.rotation import rotate_secrets
from shipments.feeds.models import Aggregator, AggregatorConnection
from tests.factories import make_member, make_shop
from webhooks.models import Webhook
from webhooks.services import create_webhook

OLD, NEW = "the old key, which is long enough", "the new key, which is long enough"


@pytest.fixture(autouse=True)
def under_the_old_key(settings):
    settings.ENCRYPTION_KEYS = [OLD]


@pytest.mark.django_db
def test_everything_is_readable_with_the_new_key_alone(settings):
    shop = make_shop()
    webhook, secret = create_webhook(shop, url="https://shop.example/")
    connected = AggregatorConnection(shop=shop, aggregator=Aggregator.AFTERSHIP)
    connected.secret = "of the aggregator"
    connected.save()
    person = make_member(shop)
    totp_secret = generate_totp_secret()
    TOTP.activate(person, totp_secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotate_secrets().renewed == 4
    settings.ENCRYPTION_KEYS = [NEW]

    webhook.refresh_from_db()
    connected.refresh_from_db()
    assert decrypt(webhook.secret) == secret
    assert connected.secret == "of the aggregator"
    of_person = Authenticator.objects.filter(user=person)
    kept = of_person.get(type=Authenticator.Type.TOTP).wrap()
    assert decrypt(kept.instance.data["secret"]) == totp_secret
    recovery = of_person.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert recovery.get_unused_codes() == codes


@pytest.mark.django_db
def test_a_second_run_finds_nothing_to_do(settings):
    create_webhook(make_shop(), url="https://shop.example/")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotate_secrets().renewed == 1
    assert rotate_secrets().renewed == 0


@pytest.mark.django_db
def test_what_no_key_opens_is_left_and_told_of(settings):
    webhook, _ = create_webhook(make_shop(), url="https://shop.example/")
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="1 secrets are under a key"):
        call_command("rotate_secrets")
    assert Webhook.objects.get(pk=webhook.pk).secret == webhook.secret


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_at_the_same_time_wins(settings):
    """Writers replace secrets while they are rotated: what was written last is kept."""
    shop = make_shop()
    webhooks = [create_webhook(shop, url=f"https://shop.example/{n}")[0] for n in range(10)]
    last: dict[object, str] = {}
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    begun, rotated = threading.Barrier(3), threading.Event()

    def write(mine: list[Webhook]) -> None:
        begun.wait()
        number = 0
        while number < 20 or not rotated.is_set():
            for webhook in mine:
                last[webhook.pk] = f"secret {number}"
                Webhook.objects.of(shop).filter(pk=webhook.pk).update(
                    secret=encrypt(f"secret {number}")
                )
            number += 1
        connection.close()

    threads = [
        threading.Thread(target=write, args=(half,)) for half in (webhooks[:5], webhooks[5:])
    ]
    for thread in threads:
        thread.start()
    begun.wait()
    for _ in range(5):
        rotate_secrets()
    rotated.set()
    for thread in threads:
        thread.join()

    for webhook in Webhook.objects.of(shop):
        assert is_current(webhook.secret)
        assert decrypt(webhook.secret) == last[webhook.pk]


@pytest.mark.django_db
def test_a_secret_that_changed_since_it_was_read_is_not_overwritten(settings, monkeypatch):
    """The narrowest case, made certain: between reading and writing, somebody else writes."""
    shop = make_shop()
    webhook, _ = create_webhook(shop, url="https://shop.example/")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    theirs = encrypt("theirs")
    read = Webhook.from_db.__func__

    def read_and_lose(cls, *row):
        found = read(cls, *row)
        Webhook.objects.of(shop).update(secret=theirs)
        return found

    monkeypatch.setattr(Webhook, "from_db", classmethod(read_and_lose))
    rotate_secrets()
    monkeypatch.undo()

    assert Webhook.objects.get(pk=webhook.pk).secret == theirs
