"""The keys of ``devcontainer.json`` that Berth looks at. Everything is optional, and unknown keys are kept.

After the reference at https://containers.dev/implementors/json_reference/.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

Command = str | list[str] | dict[str, str | list[str]]
"""A shell's line, a program with its arguments, or several of both by name."""

IGNORED = frozenset(
    (
        *("$schema", "name", "customizations", "portsAttributes", "otherPortsAttributes", "init", "secrets"),
        *("updateRemoteUserUID", "userEnvProbe", "overrideCommand", "shutdownAction", "waitFor"),
        *("settings", "extensions", "devPort", "codespaces", "service", "runServices", "additionalProperties"),
    )
)
"""What is about an editor, or about how its own tools start and stop: no word about it."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    """Some files have numbers and booleans where the reference wants strings, and other tools take them."""
    if isinstance(value, dict):
        return {name: _as_text(inner) for name, inner in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


class _Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="allow", frozen=True, hide_input_in_errors=True, strict=True
    )


class BuildPart(_Part):
    """``build``."""

    dockerfile: str | None = None
    context: str | None = None
    args: Annotated[dict[str, str], BeforeValidator(_as_text)] = Field(default={}, repr=False)
    target: str | None = None
    cache_from: Annotated[list[str], BeforeValidator(_as_list)] = []
    options: list[str] = []


class MountPart(_Part):
    """A mount as an object."""

    type: str = "volume"
    source: str | None = None
    target: str


class WrittenDevContainer(_Part):
    """The file. ``dockerFile`` and ``context`` beside ``build`` are an older spelling of what is in it."""

    image: str | None = None
    build: BuildPart | None = None
    docker_file: str | None = None
    context: str | None = None
    docker_compose_file: str | list[str] | None = None
    features: dict[str, object] = {}
    override_feature_install_order: list[str] = []
    container_env: Annotated[dict[str, str], BeforeValidator(_as_text)] = Field(default={}, repr=False)
    remote_env: Annotated[dict[str, str | None], BeforeValidator(_as_text)] = Field(default={}, repr=False)
    remote_user: str | None = None
    container_user: str | None = None
    mounts: list[str | MountPart] = []
    run_args: list[str] = []
    privileged: bool = False
    cap_add: list[str] = []
    security_opt: list[str] = []
    workspace_folder: str | None = None
    workspace_mount: str | None = None
    forward_ports: list[int | str] = []
    app_port: int | str | list[int | str] | None = None
    host_requirements: dict[str, object] = {}
    initialize_command: Command | None = None
    on_create_command: Command | None = None
    update_content_command: Command | None = None
    post_create_command: Command | None = None
    post_start_command: Command | None = None
    post_attach_command: Command | None = None
