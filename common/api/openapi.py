"""The API's description, generated from the models that check what is sent (drf-spectacular)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django_filters import Filter
from django_filters.fields import IsoDateTimeField
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from common.api.paging import CURSOR_PATTERN, CursorField
from common.api.read_models import ErrorBody
from common.api.refusal_samples import REFUSALS


class AsAccepted(GenerateJsonSchema):
    """What is taken, not only what is wanted: numbers may come as text."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        most = schema.get("le")
        pattern = r"^[1-9]\d?$" if most is None or most >= 99 else r"^[1-9]$"
        digits = {"type": "string", "pattern": pattern}
        return {"anyOf": [super().int_schema(schema), digits]}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        digits = {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$"}
        return {"anyOf": [{"type": "number", "minimum": -1e12, "maximum": 1e12}, digits]}


class WireModels(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A pydantic model as what it takes (in requests) or what it gives (in responses)."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        # A model is the same component whether it is met alone or inside another one.
        set_override(self.target, "suppress_collision_warning", True)
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = self.target.model_json_schema(
            ref_template="#/components/schemas/{model}",
            schema_generator=AsAccepted if direction == "request" else GenerateJsonSchema,
            mode="validation" if direction == "request" else "serialization",
        )
        for name, part in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(  # type: ignore[no-untyped-call]
                    name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part
                )
            )
        return schema


def refusals(*statuses: int, in_shop: bool = True) -> dict[int, OpenApiResponse]:
    """The refusals that a call may answer with; some may always, or always inside a shop."""
    every = sorted({401, 429, 500, 503, *statuses, *((403, 404) if in_shop else ())})
    return {status: _refusal(status) for status in every}


def _refusal(status: int) -> OpenApiResponse:
    text, body = REFUSALS[status]
    return OpenApiResponse(ErrorBody, text, examples=[OpenApiExample(body["key"], body)])


def query_parameters(*fields: Mapping[str, forms.Field | Filter]) -> list[OpenApiParameter]:
    """The parameters that these form fields or filters read from a query string."""
    return [
        OpenApiParameter(name, _schema_of(field), description=str(field.help_text))
        for group in fields
        for name, field in ((n, getattr(f, "field", f)) for n, f in group.items())
    ]


def _schema_of(field: forms.Field) -> dict[str, Any]:
    match field:
        case CursorField():
            return {"type": "string", "pattern": CURSOR_PATTERN}
        case forms.IntegerField():
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        case forms.RegexField():
            return {"type": "string", "pattern": field.regex.pattern}
        case forms.UUIDField():
            return {"type": "string", "format": "uuid"}
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case IsoDateTimeField():
            return {"type": "string", "format": "date-time"}
        case forms.ChoiceField():
            choices = [str(value) for value, _ in field.widget.choices if value]
            return {"type": "string", "enum": choices}
    return {"type": "string", "pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"}


def require_bodies(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """An empty body is no JSON: where a body is described, there must be one."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return result


HEADERS = {
    "X-Request-ID": "Of the request: the client's, if it sent a sane one.",
    "RateLimit-Limit": "Requests a minute that the key may make.",
    "RateLimit-Remaining": "Of them, how many are left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute.",
    "Retry-After": "Seconds to wait before the request is made again.",
    "WWW-Authenticate": "`Basic`",
}


def name_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What every answer carries beside what is said of its own call."""
    result["components"]["headers"] = {
        name: {"schema": {"type": "string"}, "description": text} for name, text in HEADERS.items()
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                carried = {name: _header(name) for name in _headers_of(status)}
                response["headers"] = {**response.get("headers", {}), **carried}
    return result


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _headers_of(status: str) -> tuple[str, ...]:
    limits = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    of_this = {"401": ("WWW-Authenticate",), "429": (*limits, "Retry-After")}
    return ("X-Request-ID", *of_this.get(status, ("Retry-After",) if status == "503" else limits))
