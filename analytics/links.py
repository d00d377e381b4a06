"""Where the rows behind a number are, on the API."""

from collections.abc import Mapping
from urllib.parse import urlencode

from analytics.questions import NONE, Dimension, Question
from shops.models import Shop

NOT_SPLIT: Mapping[Dimension, str] = {}


def rows_path(shop: Shop, question: Question, group: Mapping[Dimension, str] = NOT_SPLIT) -> str:
    """Of the number, or of one of the groups that it is split up into."""
    said = {
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        **{
            dimension.value: value or NONE
            for dimension, value in {**question.filters, **group}.items()
        },
    }
    return f"/v1/shops/{shop.slug}/analytics/{question.number}/rows?{urlencode(said)}"
