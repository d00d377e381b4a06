"""The weekly mail: the numbers of a week in words, and the way to stop it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from analytics.answering import answers
from analytics.questions import Period, Question
from portal.numbers.cards import Card, card_of
from portal.numbers.rooms import FIVE
from portal.numbers.spans import span_words
from shops.models import Shop

NUMBERS = ("orders", *FIVE)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What all of a shop's people are told of the week."""

    shop: Shop
    week: Period
    cards: tuple[Card, ...]

    def to(self, email: str, *, stop_path: str) -> EmailMultiAlternatives:
        """`stop_path`: where this person switches the summary off."""
        base = settings.BASE_URL
        stop_url = f"{base}{stop_path}"
        query = urlencode({"from": self.week.first.isoformat(), "to": self.week.last.isoformat()})
        page = reverse("portal:analytics", args=[self.shop.slug])
        with override(self.shop.language), timezone.override(ZoneInfo(self.shop.timezone)):
            days = span_words(self.week.first, self.week.last)
            context = {
                "shop": self.shop,
                "days": days,
                "cards": self.cards,
                "numbers_url": f"{base}{page}?{query}",
                "home_url": f"{base}{reverse('portal:shop', args=[self.shop.slug])}",
                "stop_url": stop_url,
                "language": self.shop.language,
            }
            mail = EmailMultiAlternatives(
                subject=_("%(shop)s: the week of %(days)s")
                % {"shop": self.shop.name, "days": days},
                body=render_to_string("portal/numbers/mail/weekly.txt", context),
                to=[email],
                headers={
                    "List-Unsubscribe": f"<{stop_url}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            )
            mail.attach_alternative(
                render_to_string("portal/numbers/mail/weekly.html", context), "text/html"
            )
        return mail


def letter_of(shop: Shop, week: Period) -> Letter:
    questions = [Question(number=number, period=week) for number in NUMBERS]
    with override(shop.language), timezone.override(ZoneInfo(shop.timezone)):
        cards = tuple(card_of(answer, query="") for answer in answers(shop, questions))
    return Letter(shop=shop, week=week, cards=cards)
