"""The lines of an order's form as its page writes them.

Bound fields and widgets would say the same, and take three times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.formats import localize_input
from django.utils.safestring import SafeString

from portal.by_hand.order_form import HandLineForm

PLACE, DELETE = "at", "DELETE"
SHOWN = [name for name in HandLineForm.base_fields if name != PLACE]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownField:
    name: str
    label: str
    attributes: SafeString
    """Of its input."""
    value: str
    fault: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLine:
    prefix: str
    """What the names of its fields begin with."""
    at: str
    """Which of the order's lines it is; empty of a new one."""
    fields: list[ShownField]
    is_deleted: bool


def shown_lines(formset: "forms.BaseFormSet[HandLineForm]", *, is_checked: bool) -> list[ShownLine]:
    """What was typed, with its faults if it is checked; where nothing was, no form is made."""
    inputs = {name: _input(name) for name in SHOWN}
    if formset.is_bound:
        return [
            _line(str(one.prefix), _typed(one), _faults(one) if is_checked else {}, inputs)
            for one in formset.forms
        ]
    begun = [_written(line) for line in formset.initial or ()]
    begun += [{}] * (formset.total_form_count() - len(begun))
    return [_line(formset.add_prefix(at), said, {}, inputs) for at, said in enumerate(begun)]


def _line(
    prefix: str,
    said: Mapping[str, str],
    faults: Mapping[str, str],
    inputs: Mapping[str, tuple[str, SafeString]],
) -> ShownLine:
    fields = [
        ShownField(
            name=f"{prefix}-{name}",
            label=label,
            attributes=attributes,
            value=said.get(name, ""),
            fault=faults.get(name, ""),
        )
        for name, (label, attributes) in inputs.items()
    ]
    return ShownLine(
        prefix=prefix, at=said.get(PLACE, ""), fields=fields, is_deleted=DELETE in said
    )


def _input(name: str) -> tuple[str, SafeString]:
    """The label of a field, and the attributes of its input, the same in every line."""
    field = HandLineForm.base_fields[name]
    kind = getattr(field.widget, "input_type", "text")
    return str(field.label), flatatt({"type": kind, **field.widget.attrs})


def _written(line: Mapping[str, Any]) -> dict[str, str]:
    """Amounts as the language writes them."""
    return {
        name: str(localize_input(said) if isinstance(said, Decimal) else said)
        for name, said in line.items()
        if said is not None
    }


def _typed(form: HandLineForm) -> dict[str, str]:
    names = {name: form.add_prefix(name) for name in (PLACE, *SHOWN, DELETE)}
    return {name: form.data[full] for name, full in names.items() if full in form.data}


def _faults(form: HandLineForm) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
