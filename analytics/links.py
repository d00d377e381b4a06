"""Where the rows behind a number are, on the API."""

from urllib.parse import urlencode

from analytics.questions import Question
from shops.models import Shop


def rows_path(shop: Shop, question: Question) -> str:
    said = {
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        **{dimension.value: value for dimension, value in question.filters.items()},
    }
    return f"/v1/shops/{shop.slug}/analytics/{question.number}/rows?{urlencode(said)}"
