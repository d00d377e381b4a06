"""The rows of a list that were ticked."""

from uuid import UUID

from django.http import QueryDict

from portal.jobs.bulk import MOST_TICKED, BulkList


def ticked_ids(said: QueryDict, rows: BulkList) -> list[str]:
    return [one for one in said.getlist(rows.tick) if _is_id(one)][:MOST_TICKED]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
