"""What the settings come to: merged, typed, every value with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from berth.protocol.session import Mode
from berth.settings.builds import BuildSettings
from berth.settings.credentials import CredentialSettings
from berth.settings.devcontainers.devcontainer import DevContainer
from berth.settings.ends import EndsSettings
from berth.settings.image_rules import ImageRule
from berth.settings.network import NetworkSettings
from berth.settings.origin import Origin, Sourced
from berth.settings.policy import Policy
from berth.settings.resources import Resources
from berth.settings.spares import Spares
from berth.settings.texts import DialectName, LayerRule, LoginScope, PullPolicy, ShareName


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """A custom agent, or changes to a known one."""

    name: str
    origin: Origin
    command: Sourced[tuple[str, ...]] | None = None
    dialect: Sourced[DialectName] | None = None
    forward_env: tuple[Sourced[str], ...] = ()
    home: Sourced[str] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A named recipe with all it inherits from ``inherits``, the profiles it extends, lowest first.

    ``env`` maps names to values that may be secrets. ``origin`` is that of its highest part; ``has_trusted_part`` says
    that the user wrote some part of it, or of a profile it extends.
    """

    name: str
    origin: Origin
    inherits: tuple[str, ...] = ()
    image: Sourced[str] | None = None
    build: BuildSettings | None = None
    devcontainer: Sourced[bool | str] | None = None
    env: Mapping[str, Sourced[str]] = field(default_factory=dict, repr=False)
    env_file: Sourced[str] | None = None
    forward_env: tuple[Sourced[str], ...] = ()
    volumes: tuple[Sourced[str], ...] = ()
    share: tuple[Sourced[ShareName], ...] = ()
    agent: Sourced[str] | None = None
    docker_args: Sourced[tuple[str, ...]] | None = None
    network: NetworkSettings = field(default_factory=NetworkSettings)
    resources: Resources = field(default_factory=Resources)
    has_trusted_part: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. ``agent`` is always there: the built-in layer names one.

    ``workspace_trusted`` is False when the user does not trust the workspace in the editor: then nothing of the
    workspace is in the settings, and no file of it is read for a plan. ``project`` is what ``devcontainer.json`` comes
    to, where it was asked for and read; ``notes`` are for every plan that is made with these settings.
    """

    agent: Sourced[str]
    agents: Mapping[str, AgentSettings] = field(default_factory=dict)
    mode: Sourced[Mode] | None = None
    default_profile: Sourced[str] | None = None
    default_image: Sourced[str] | None = None
    default_env_file: Sourced[str] | None = None
    dockerfile: Sourced[str] | None = None
    devcontainer: Sourced[bool | str] | None = None
    pull: Sourced[PullPolicy] | None = None
    keep_images: Sourced[int] | None = None
    prebuild: Sourced[bool] | None = None
    agent_layer: Sourced[LayerRule] | None = None
    login: Sourced[LoginScope] | None = None
    image_rules: tuple[ImageRule, ...] = ()
    forward_env: tuple[Sourced[str], ...] = ()
    share: tuple[Sourced[ShareName], ...] = ()
    network: NetworkSettings = field(default_factory=NetworkSettings)
    credentials: CredentialSettings = field(default_factory=CredentialSettings)
    resources: Resources = field(default_factory=Resources)
    ends: EndsSettings = field(default_factory=EndsSettings)
    spares: Spares = field(default_factory=Spares)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    workspace_trusted: bool = True
    project: DevContainer | None = None
    notes: tuple[str, ...] = ()
