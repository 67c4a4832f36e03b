"""What every wire model has in common: camelCase on the wire, snake_case here, frozen."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class WireModel(BaseModel):
    """Something that crosses the wire. Unknown fields are ignored, so that an older side understands a newer one."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore", defer_build=True
    )


class Arguments(WireModel):
    """The one object a command takes. Unknown fields are an error with their path, never swallowed."""

    model_config = ConfigDict(extra="forbid")


class ErrorData(WireModel):
    """The ``data`` of a failed request, and the reason of a failed session: see :mod:`berth.errors`.

    ``file``, a path below the workspace, and ``line``, from 1, are where it can be mended, when that is known.
    """

    kind: str
    message: str
    hint: str = ""
    docs: str | None = None
    file: str | None = None
    line: int | None = None
