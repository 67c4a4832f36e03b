"""How a profile's image is built, as it is written and as it comes out of all layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from berth.settings.entries import Entry, highest
from berth.settings.origin import Origin, Sourced
from berth.settings.written import UNSET_IF_EMPTY, Written

T = TypeVar("T")

PROJECT_DOCKERFILE = ".berth/Dockerfile"
"""The project's own Dockerfile, found by itself."""


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _as_object(value: object) -> object:
    return {"dockerfile": value} if isinstance(value, str) else value


Short = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_no_nul)]
ArgumentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,255}$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
StageName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")]
Platform = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(/[a-z0-9_]+){1,2}$")]


class BuildSection(Written):
    """How an image is built."""

    dockerfile: Annotated[Short | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="The Dockerfile, relative to the workspace. One without `FROM` is laid over the profile's image, "
        "else over Berth's own.",
        json_schema_extra={"default": PROJECT_DOCKERFILE},
    )
    context: Annotated[Short | None, UNSET_IF_EMPTY] = Field(
        default=None, description="The folder that `COPY` copies from, relative to the workspace; the workspace itself."
    )
    args: dict[ArgumentName, Annotated[str, StringConstraints(max_length=65_536), AfterValidator(_no_nul)]] | None = (
        Field(default=None, description="Build arguments. Never secrets: the image keeps them.", repr=False)
    )
    target: Annotated[StageName | None, UNSET_IF_EMPTY] = Field(
        default=None, description="The stage to build; the last one when absent."
    )
    platform: Annotated[Platform | None, UNSET_IF_EMPTY] = Field(
        default=None, description="Such as `linux/amd64`; the engine's own when absent.", examples=["linux/arm64"]
    )
    cache_from: list[Short] | None = Field(
        default=None,
        description="Where layers may come from: images, or BuildKit's `type=…`. Other than from registries: "
        "the user's own settings only.",
    )
    cache_to: list[Short] | None = Field(
        default=None, description="Where BuildKit puts layers. The user's own settings only."
    )
    secrets: dict[SecretName, Short] | None = Field(
        default=None, description="Files for `RUN --mount=type=secret`, by id. BuildKit only."
    )
    ssh: bool | None = Field(
        default=None,
        description="Whether `RUN --mount=type=ssh` reaches the user's ssh agent. The user's own settings only.",
    )


BuildChoice = Annotated[BuildSection, BeforeValidator(_as_object)]
"""An object, or the Dockerfile's path alone."""


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """All layers' and parents' words about one build. ``origin`` is that of the highest part."""

    origin: Origin
    dockerfile: Sourced[str] | None = None
    context: Sourced[str] | None = None
    args: Mapping[str, Sourced[str]] = field(default_factory=dict, repr=False)
    target: Sourced[str] | None = None
    platform: Sourced[str] | None = None
    cache_from: Sourced[list[str]] | None = None
    cache_to: Sourced[list[str]] | None = None
    secrets: Mapping[str, Sourced[str]] = field(default_factory=dict)
    ssh: Sourced[bool] | None = None


def merged_build(entries: Sequence[Entry[BuildSection]]) -> BuildSettings | None:
    """What the layers come to, lowest first; None when none has a word about it."""
    if not entries:
        return None
    return BuildSettings(
        origin=entries[-1].origin(),
        dockerfile=highest(entries, "dockerfile", lambda entry: entry.dockerfile),
        context=highest(entries, "context", lambda entry: entry.context),
        args=_by_key(entries, "args", [entry.written.args for entry in entries]),
        target=highest(entries, "target", lambda entry: entry.target),
        platform=highest(entries, "platform", lambda entry: entry.platform),
        cache_from=highest(entries, "cache_from", lambda entry: entry.cache_from),
        cache_to=highest(entries, "cache_to", lambda entry: entry.cache_to),
        secrets=_by_key(entries, "secrets", [entry.written.secrets for entry in entries]),
        ssh=highest(entries, "ssh", lambda entry: entry.ssh),
    )


def _by_key(
    entries: Sequence[Entry[BuildSection]], key: str, values: Sequence[Mapping[str, T] | None]
) -> Mapping[str, Sourced[T]]:
    return {
        name: Sourced(value, entry.origin(key, name))
        for entry, named in zip(entries, values, strict=True)
        for name, value in (named or {}).items()
    }
