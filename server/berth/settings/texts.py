"""What single values in the settings may be."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from berth.settings.patterns import NAME_SCHEMA, Name
from berth.settings.words import shell_words
from berth.settings.written import UNSET_IF_EMPTY

DialectName = Literal["acp", "claude", "lines"]
"""As in :mod:`berth.agents.base`, which stands above this room; a test holds them together."""

PullPolicy = Literal["missing", "always", "never"]
"""When an image that Berth does not build is pulled; as in :mod:`berth.planning.image_plan`."""

LoginScope = Literal["workspace", "user", "none"]
"""As in :mod:`berth.planning.login_plan`."""

LayerRule = Literal["ask", "always", "never"]
"""As in :mod:`berth.planning.agent_layer`."""

ShareName = Literal["gitconfig", "ssh-agent", "aws"]
"""What of the user's own can be shown to agents."""

MAX_VALUE = 128 * 1024
"""Linux takes no longer string in an environment (``MAX_ARG_STRLEN``)."""


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    """Numbers and booleans are common in ``env``; they mean what they look like in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _words(value: object) -> object:
    return shell_words(value) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_no_nul)]
OptionalText = Annotated[Text | None, UNSET_IF_EMPTY]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,255}$")]
Value = Annotated[str, StringConstraints(max_length=MAX_VALUE), AfterValidator(_no_nul), BeforeValidator(_as_text)]
Names = Annotated[
    list[Name],
    Field(max_length=16),
    BeforeValidator(_as_list),
    WithJsonSchema({**NAME_SCHEMA, "type": ["string", "array"], "items": NAME_SCHEMA, "maxItems": 16}),
]
"""One name, or a list of them."""
AbsolutePath = Annotated[Text, StringConstraints(pattern=r"^/[^:,]+$")]


DockerWords = Annotated[
    list[Annotated[str, StringConstraints(max_length=MAX_VALUE), AfterValidator(_no_nul)]],
    Field(max_length=1024),
    BeforeValidator(_words),
    WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
]
"""Flags of ``docker run``: a list, or one string that is taken apart as a POSIX shell does, without expanding it."""


DevContainerChoice = Annotated[bool | Text | None, UNSET_IF_EMPTY]
"""Whether the project's ``devcontainer.json`` is used, or which one."""
