"""Filling in the back office's forms as a browser does: from the page's own HTML."""

from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from shops.models import User


class FormReader(HTMLParser):
    """What a browser would send of the form with this id, as the page shows it."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.values: dict[str, Any] = {}
        self._is_inside = False
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = dict(attributes)
        if tag == "form":
            self._is_inside = attrs.get("id") == self.form_id
        name = attrs.get("name")
        if not self._is_inside or "disabled" in attrs:
            return
        if tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            is_tick = attrs.get("type") in ("checkbox", "radio")
            if not is_tick or "checked" in attrs:
                self.values[name] = attrs.get("value") or ("on" if is_tick else "")
        elif tag == "textarea" and name:
            self._area = name
            self.values[name] = ""
        elif tag == "select" and name and "multiple" not in attrs:
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in attrs:
            self.values[self._select] = attrs.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._is_inside = False


def change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_url(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def filled(client: Client, url: str, form_id: str) -> dict[str, Any]:
    page = client.get(url)
    assert page.status_code == 200, page
    reader = FormReader(form_id)
    reader.feed(page.content.decode())
    return reader.values


def edit(client: Client, row: Any, **changes: Any) -> Any:
    """Open the row's page, change these fields and save; answers the response."""
    values = filled(client, change_url(row), f"{row._meta.model_name}_form")
    return client.post(change_url(row), {**values, **changes})


def act(client: Client, rows: list[Any], action: str, **values: Any) -> Any:
    """Run one of the list's actions on the rows, and say yes where it asks."""
    sent = {
        "action": action,
        "_selected_action": [str(row.pk) for row in rows],
        "confirmed": "yes",
        **values,
    }
    return client.post(list_url(rows[0]), sent, follow=True)


def errors_of(response: Any) -> str:
    """Everything that the form with its inlines complained about."""
    return str(response.context["errors"]) if response.context else ""


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
    return client
