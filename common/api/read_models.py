"""What every answer has in common, as the API's description has it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ReadModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultBody(ReadModel):
    loc: list[str | int]
    msg: str
    field: str
    type: str


class ErrorBody(ReadModel):
    """Every refusal and failure has this form."""

    errors: list[FaultBody]
    key: str
    message: str
    type: Literal["invalid_request_error", "api_error"]
