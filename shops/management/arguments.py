"""What the commands about shops have in common: naming a shop, and saying what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from common.errors import DomainError
from shops.models import Shop


def shop_called(slug: str) -> Shop:
    shop = Shop.objects.select_related("organization").filter(slug=slug).first()
    if shop is None:
        raise CommandError(f"There is no shop “{slug}”. Make it with: manage.py createshop {slug}")
    return shop


@contextmanager
def refusals_as_command_errors() -> Iterator[None]:
    """What the domain or a model refuses, as a sentence for the person at the terminal."""
    try:
        yield
    except DomainError as refusal:
        raise CommandError(refusal.message) from refusal
    except ValidationError as refusal:
        _explain(refusal)


def _explain(refusal: ValidationError) -> NoReturn:
    if not hasattr(refusal, "error_dict"):
        raise CommandError(" ".join(refusal.messages)) from refusal
    sentences = (f"{name}: {' '.join(messages)}" for name, messages in refusal.message_dict.items())
    raise CommandError("\n".join(sentences)) from refusal
