"""Ceilings of the user's own: they hold for every session, whoever asks for more, and no yes lifts them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from berth.settings.entries import Entry, highest, within
from berth.settings.network_ceilings import NetworkCeilings, NetworkCeilingsSection, merged_network_ceilings
from berth.settings.origin import Origin, Sourced
from berth.settings.patterns import ImagePattern, Name, VariablePattern
from berth.settings.quantities import parse_duration
from berth.settings.resources import CeilingsSection, Resources, merged_ceilings
from berth.settings.written import UNSET_IF_EMPTY, Written

TRUST_SECONDS = 90 * 86_400.0
"""How long a yes holds when nobody says otherwise: a quarter, after which few remember what they allowed."""

WorkspaceRule = Literal["ask", "never", "allow"]
ASK: Sourced[WorkspaceRule] = Sourced("ask", Origin("built-in"))
"""What holds when nobody says otherwise."""


def _at_most_a_year(seconds: float) -> float:
    if not 60 <= seconds <= 366 * 86_400:
        raise ValueError("must be at least 1m and at most 366d")
    return seconds


TrustTime = Annotated[
    float,
    AfterValidator(_at_most_a_year),
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?[dhmsDHMS])+$"}),
]
Folder = Annotated[str, StringConstraints(pattern=r"^(/|~(/|$))[^\x00]{0,4095}$")]
FlagName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]


class PolicySection(Written):
    """Ceilings for every session. What is not named is not bounded."""

    images: list[ImagePattern] | None = Field(
        default=None,
        description="The only images beside Berth's own that any session may use, by name or glob.",
        examples=[["mycompany/*"]],
    )
    agents: list[Name] | None = Field(
        default=None, description="The only agents that may be started.", examples=[["claude", "codex"]]
    )
    resources: CeilingsSection | None = Field(
        default=None, description="The most a session may use; where a session asks for nothing, it gets no more."
    )
    network: NetworkCeilingsSection | None = Field(default=None, description="The most that any session may reach.")
    host: bool | None = Field(
        default=None,
        description='Whether agents may run without a container (`mode: "host"`).',
        json_schema_extra={"default": True},
    )
    gpus: bool | None = Field(
        default=None,
        description="Whether sessions may have graphics cards.",
        json_schema_extra={"default": True},
    )
    mounts: list[Folder] | None = Field(
        default=None,
        description="The only folders outside the workspace that may be mounted, with what is in them; `[]`: none.",
        examples=[["~/data"]],
    )
    forward_env: list[VariablePattern] | None = Field(
        default=None,
        description="The only variables of the editor that may be forwarded beside the agent's own and those that are "
        "forwarded without asking, by name or glob; `!NAME` takes away.",
        examples=[["AWS_*", "!AWS_SECRET_*"]],
    )
    docker_args: list[FlagName] | None = Field(
        default=None,
        description="The only flags of `docker run` that may be used, by long name; `[]`: none.",
        examples=[["memory", "cpus", "env"]],
    )
    workspaces: WorkspaceRule | None = Field(
        default=None,
        description="Whether a workspace's settings may have what takes a yes: `ask`, `never`, or `allow` it unasked.",
        json_schema_extra={"default": "ask"},
    )
    trust_for: Annotated[TrustTime | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long a yes to a workspace's settings holds.",
        json_schema_extra={"default": "90d"},
        examples=["30d"],
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """The ceilings of all layers, a higher layer's word for a lower one's; None: not bounded.

    ``trust_for`` in seconds.
    """

    images: Sourced[list[str]] | None = None
    agents: Sourced[list[str]] | None = None
    resources: Resources = field(default_factory=Resources)
    network: NetworkCeilings = field(default_factory=NetworkCeilings)
    host: Sourced[bool] | None = None
    gpus: Sourced[bool] | None = None
    mounts: Sourced[list[str]] | None = None
    forward_env: Sourced[list[str]] | None = None
    docker_args: Sourced[list[str]] | None = None
    workspaces: Sourced[WorkspaceRule] = field(default_factory=lambda: ASK)
    trust_for: float = TRUST_SECONDS


def merged_policy(entries: Sequence[Entry[PolicySection]]) -> Policy:
    """What the layers come to, lowest first."""
    trust_for = highest(entries, "trust_for", lambda entry: entry.trust_for)
    return Policy(
        images=highest(entries, "images", lambda entry: entry.images),
        agents=highest(entries, "agents", lambda entry: entry.agents),
        resources=merged_ceilings(within(entries, "resources", lambda entry: entry.resources)),
        network=merged_network_ceilings(within(entries, "network", lambda entry: entry.network)),
        host=highest(entries, "host", lambda entry: entry.host),
        gpus=highest(entries, "gpus", lambda entry: entry.gpus),
        mounts=highest(entries, "mounts", lambda entry: entry.mounts),
        forward_env=highest(entries, "forward_env", lambda entry: entry.forward_env),
        docker_args=highest(entries, "docker_args", lambda entry: entry.docker_args),
        workspaces=highest(entries, "workspaces", lambda entry: entry.workspaces) or ASK,
        trust_for=trust_for.value if trust_for else TRUST_SECONDS,
    )
