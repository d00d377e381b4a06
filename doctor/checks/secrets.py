"""What is stored encrypted can be decrypted with the keys of now."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator

from common.encryption import Undecryptable, decrypt
from doctor.check import InstallationCheck, ShopCheck, Trouble
from shipments.feeds.models import AggregatorConnection, CarrierConnection
from shops.models import Shop
from webhooks.models import Webhook

LOST = "was encrypted with a key that ENCRYPTION_KEYS does not hold"


def _of_shop(shop: Shop) -> Iterator[Trouble]:
    for webhook in Webhook.objects.of(shop):
        if not _is_readable(webhook.secret, webhook.previous_secret):
            yield Trouble(subject=str(webhook.id), label=f"webhook {webhook.url}", detail=LOST)
    for feed in AggregatorConnection.objects.of(shop):
        if not _is_readable(feed.encrypted_secret):
            yield Trouble(subject=str(feed.id), label=f"feed of {feed.aggregator}", detail=LOST)
    for connection in CarrierConnection.objects.of(shop):
        if not _is_readable(connection.encrypted_credentials):
            label = f"credentials for {connection.carrier}"
            yield Trouble(subject=str(connection.id), label=label, detail=LOST)


def _of_people() -> Iterator[Trouble]:
    for authenticator in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
        kept = [authenticator.data.get("secret", ""), authenticator.data.get("seed", "")]
        if not _is_readable(*kept):
            yield Trouble(
                subject=str(authenticator.id),
                label=f"{authenticator.type} of person {authenticator.user_id}",
                detail=LOST,
            )


def _is_readable(*stored: str) -> bool:
    try:
        for text in filter(None, stored):
            decrypt(text)
    except Undecryptable:
        return False
    return True


SECRETS = ShopCheck(
    name="secrets",
    title="Secrets of webhooks, feeds and carriers can be decrypted",
    means="Nothing is signed or asked: these webhooks, feeds and carriers stand still.",
    advice="Put the earlier key behind the new one in ENCRYPTION_KEYS. If it is lost, rotate the "
    "webhook's secret and enter credentials again.",
    ask=_of_shop,
)

SECOND_FACTORS = InstallationCheck(
    name="second-factors",
    title="Second factors of people can be decrypted",
    means="These people cannot log in.",
    advice="Put the earlier key behind the new one in ENCRYPTION_KEYS. If it is lost, remove their "
    "second factor in the back office; they set it up again.",
    ask=_of_people,
)
