"""All that a page of numbers shows, asked at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.answering import answers
from analytics.answers import Answer
from analytics.questions import Question
from portal.numbers.cards import Card, card_of
from portal.numbers.panels.panel import Drawn, Panel
from portal.numbers.scope import Scope

CARD_PARTS = {
    "average_delivery_time": ("median", "p90"),
    "delivery_success_rate": ("on_their_way",),
    "revenue_per_order": ("own", "repeat"),
    "revenue": ("repeat",),
    "claims": ("pending",),
    "repeat_purchases": ("share", "revenue"),
    "customer_satisfaction": ("page_open_rate", "page_engagement_rate"),
}
"""What stands below a number, too."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    cards: tuple[Card, ...]
    panels: tuple[Drawn, ...]

    @property
    def in_threes(self) -> bool:
        """Whether the cards fill rows of three better than rows of four."""
        return len(self.cards) in (3, 5, 6)


def ask(scope: Scope, *, numbers: Sequence[str], panels: Sequence[Panel] = ()) -> Sheet:
    """The numbers as cards, then the panels; of one moment but for what panels ask further."""
    first = [scope.question(number, interval=scope.interval) for number in numbers]
    asked = [panel.questions(scope) for panel in panels]
    answered = answers(scope.shop, [*first, *(question for some in asked for question in some)])
    of_panels = _dealt(answered[len(first) :], asked)
    further = [
        panel.further(scope, of_panel) for panel, of_panel in zip(panels, of_panels, strict=True)
    ]
    more = _dealt(
        answers(scope.shop, [question for some in further for question in some])
        if any(further)
        else [],
        further,
    )
    return Sheet(
        cards=tuple(
            card_of(
                answer,
                query=scope.query,
                comparison=scope.comparison,
                parts=CARD_PARTS.get(answer.number, ()),
            )
            for answer in answered[: len(first)]
        ),
        panels=tuple(
            panel.draw(scope, [*of_panel, *others])
            for panel, of_panel, others in zip(panels, of_panels, more, strict=True)
        ),
    )


def _dealt(
    answered: Sequence[Answer], asked: Sequence[Sequence[Question]]
) -> list[Sequence[Answer]]:
    """To each panel the answers to its questions."""
    dealt, start = [], 0
    for questions in asked:
        dealt.append(answered[start : start + len(questions)])
        start += len(questions)
    return dealt
