"""Forms whose answers are checked by the same models as what shops send."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from django import forms
from django.utils.text import capfirst
from pydantic import ValidationError

from common.fault_words import fault_words
from common.wire import Wire, faults_of

LINE = 70
"""So many characters of JSON are shown on one line."""

Said = TypeVar("Said", bound=Wire)


class WireJSONField(forms.JSONField):
    """JSON as strictly as the API takes it: no lone surrogates, no absurd nesting, no NaN."""

    def to_python(self, value: Any) -> Any:
        if self.disabled or not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise forms.ValidationError("Enter valid JSON.", code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as it was typed, so that it can be put right."""
        return initial if self.disabled else _Typed(data or "")

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, _Typed):
            return value
        if value is None:
            return ""
        short = orjson.dumps(value).decode()
        if len(short) <= LINE:
            return short
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


class _Typed(str):
    """Text from the browser, as opposed to a JSON string from the database."""

    __slots__ = ()


def check_said(form: forms.BaseForm, model: type[Said], said: dict[str, Any]) -> Said | None:
    """The wire model of what the form says, or None with the faults beside the fields.

    A fault inside `address` stands beside `address_…`; one in a field that the form does not have
    stands above it, and says which.
    """
    try:
        return model.model_validate(said)
    except ValidationError as error:
        errors = error.errors()
        for found, fault in zip(errors, faults_of(errors), strict=True):
            names, words = [str(part) for part in fault.loc], fault_words(found)
            candidates = ("_".join(names[:2]), names[0]) if names else ()
            name = next((name for name in candidates if name in form.fields), None)
            path = names if name is None else names[1:] if name == names[0] else []
            form.add_error(name, f"{' → '.join(path)}: {words}" if path else capfirst(words))
        return None


def without_trailing_zeros(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """The amounts among the values as people write them: 29.99, not 29.9900 (nor 4E+1 for 40)."""
    return {
        name: Decimal(f"{value.normalize():f}")
        for name, value in values.items()
        if isinstance(value, Decimal)
    }
