"""The audit of edits by people: who changed what, with the old and the new values.

django-auditlog hears of rows that are saved one by one. Services write whole sets with one
statement, which it cannot hear; around those, `differences_recorded` compares the rows themselves.
What programs send through the API is not an edit by a person: the event log tells that story.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from auditlog.context import auditlog_disabled, disable_auditlog, set_actor
from auditlog.diff import model_instance_diff
from auditlog.middleware import AuditlogMiddleware
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import pre_save
from django.http import HttpRequest, HttpResponse

from common.addresses import client_address
from common.trace import current_trace

Rows = dict[tuple[type[Model], UUID], Model]
Changes = dict[str, tuple[str, str]]

_NOTHING = {"", "None", "[]", "{}"}


class PeopleAuditMiddleware(AuditlogMiddleware):  # type: ignore[misc]
    """Names the person who is logged in on every entry; without one, nothing is recorded."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            response: HttpResponse = super().__call__(request)
            return response
        with disable_auditlog():
            answer: HttpResponse = self.get_response(request)
        return answer

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return address_of(request)

    @staticmethod
    def _get_remote_port(_request: HttpRequest) -> None:
        return None


def address_of(request: HttpRequest) -> str | None:
    """Only what is an address for sure: the header is the sender's, the column is an `inet`."""
    try:
        return str(ip_address(client_address(request).partition("%")[0]))
    except ValueError:
        return None


def current_request_id() -> str | None:
    """The entries of one request share its id, which its events carry as well."""
    return current_trace().request_id or None


def masked(value: str) -> str:
    """Says that a secret changed, and nothing of it; auditlog's own mask shows its second half."""
    return "•••"


def is_recording() -> bool:
    """Off for what no person does."""
    return not auditlog_disabled.get()


@contextmanager
def edited_by(person: Model, *, address: str | None) -> Iterator[None]:
    """An edit by this person, in a request from there that began with nobody logged in."""
    token = auditlog_disabled.set(False)
    try:
        with set_actor(person, remote_addr=address):
            yield
    finally:
        auditlog_disabled.reset(token)


def record_deletion(row: Model) -> None:
    """Of a row that goes with a statement of ours, of which auditlog does not hear."""
    if is_recording():
        changes = model_instance_diff(row, None)
        LogEntry.objects.log_create(row, action=LogEntry.Action.DELETE, changes=changes)


@contextmanager
def differences_recorded(
    read: Callable[[], Rows], *, about: Callable[[Model], dict[str, str]]
) -> Iterator[dict[Model, int]]:
    """Record what becomes different in the rows that `read` brings, however it is written.

    Yields a mapping that holds, afterwards, the rows that were created, changed or deleted with the
    action (`LogEntry.Action`). `about` is kept with each entry, as its `additional_data`, and the
    job that does it. However many rows there are, it is two times `read`, and one insert.
    """
    before = read()
    touched: dict[Model, int] = {}
    with disable_auditlog():
        yield touched
    after = read()
    entries = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        changes = _difference(old, new)
        row = new or old
        if changes and row is not None:
            touched[row] = _action(old, new)
            entries.append(entry_of(row, touched[row], changes, about=about(row)))
    record_entries(entries)


def entry_of(
    row: Model, action: int, changes: Mapping[str, Any], *, about: Mapping[str, str]
) -> LogEntry:
    """As `LogEntry.objects.log_create` makes one of a row whose key is no number; not written."""
    job = current_trace().job
    return LogEntry(
        content_type=ContentType.objects.get_for_model(row),
        object_pk=str(row.pk),
        object_repr=str(row),
        action=action,
        changes=changes,
        additional_data={**about, "job": job} if job else dict(about),
        cid=current_request_id(),
    )


def record_entries(entries: Sequence[LogEntry]) -> None:
    """All at once. Auditlog hears of each, as of one that is saved: so it knows the person."""
    for entry in entries:
        pre_save.send(LogEntry, instance=entry, raw=False, using="default", update_fields=None)
    LogEntry.objects.bulk_create(entries)


@contextmanager
def acting(email: str) -> Iterator[None]:
    """What is recorded was done by the person of that address; by nobody if there is none."""
    person = get_user_model()._default_manager.filter(email=email).first() if email else None
    with set_actor(person):
        yield


def worded(entry: LogEntry, words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The entry's changes as pages show the values: choices by their names.

    `words` has those of fields that do not name their choices themselves.
    """
    model = entry.content_type.model_class()
    fields = {field.name: field for field in model._meta.concrete_fields} if model else {}
    shown: dict[str, Any] = {}
    for name, change in entry.changes_dict.items():
        known = {**dict(getattr(fields.get(name), "flatchoices", ())), **words.get(name, {})}
        is_pair = isinstance(change, list)
        shown[name] = [known.get(value, value) for value in change] if is_pair else change
    return shown


def _action(old: Model | None, new: Model | None) -> int:
    if old is None:
        return int(LogEntry.Action.CREATE)
    return int(LogEntry.Action.DELETE if new is None else LogEntry.Action.UPDATE)


def _difference(old: Model | None, new: Model | None) -> Changes:
    row = new or old
    if row is None:
        return {}
    columns = [field.name for field in row._meta.concrete_fields if not field.generated]
    found: Changes = model_instance_diff(old, new, fields_to_check=columns) or {}
    if old is not None and new is not None:
        return found
    return {name: pair for name, pair in found.items() if not set(pair) <= _NOTHING}
