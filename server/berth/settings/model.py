"""What a person may write in the section ``berth``: everything optional, every unknown key an error.

Keys are camelCase; snake_case is accepted, and ``env_vars`` for ``env``, since teams have such files. ``null`` and the
empty string mean "not set": editors send them for settings that nobody touched. What it comes to is
:class:`berth.settings.settings.Settings`.
"""

from typing import Annotated, Any

from pydantic import AliasChoices, ConfigDict, Field, StringConstraints

from berth.protocol.session import Mode
from berth.settings.builds import PROJECT_DOCKERFILE, BuildChoice
from berth.settings.credentials import CredentialsWay, GitHost, KeyEntry
from berth.settings.ends import EndsSection
from berth.settings.network import NetworkSection
from berth.settings.patterns import ImagePattern, Name, VariablePattern
from berth.settings.policy import PolicySection
from berth.settings.resources import ResourcesSection
from berth.settings.spares import SparesSection
from berth.settings.texts import (
    AbsolutePath,
    DevContainerChoice,
    DialectName,
    DockerWords,
    LayerRule,
    LoginScope,
    Names,
    OptionalText,
    PullPolicy,
    ShareName,
    Text,
    Value,
    VariableName,
)
from berth.settings.written import UNSET_IF_EMPTY, Written


class AgentEntry(Written):
    """An agent of one's own, or changes to a known one."""

    command: Annotated[list[Text], Field(min_length=1, max_length=256)] | None = Field(
        default=None,
        description="Program and arguments; needed for an agent that Berth does not know.",
        examples=[["my-agent", "--acp"]],
    )
    dialect: DialectName | None = Field(
        default=None,
        description="How to speak to it: `acp`, `claude` (stream-json) or `lines`.",
        json_schema_extra={"default": "acp"},
    )
    forward_env: list[VariablePattern] | None = Field(
        default=None,
        description="Variables of the editor that this agent gets, by name or glob.",
        examples=[["MY_KEY"]],
    )
    home: AbsolutePath | None = Field(
        default=None, description="Its HOME in the container.", json_schema_extra={"default": "/home/agent"}
    )


def _with_older_names(schema: dict[str, Any]) -> None:
    """Names that other tools' files have; editors strike them through and say what to write instead."""
    message = "Write `env`."
    older = {"deprecated": True, "deprecationMessage": message, "description": message}
    schema["properties"]["envVars"] = {**schema["properties"]["env"], **older}


class ProfileEntry(Written):
    """A named recipe for sessions."""

    model_config = ConfigDict(json_schema_extra=_with_older_names)

    extends: Annotated[Names | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="Profile, or list of profiles, that this one starts from; later ones win.",
        examples=["base", ["base", "gpu"]],
    )
    image: OptionalText = Field(default=None, description="Image reference.", examples=["node:22-bookworm"])
    build: Annotated[BuildChoice | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How the image is built; a string is the Dockerfile's path.",
        examples=["Dockerfile.dev", {"dockerfile": "Dockerfile", "target": "dev"}],
    )
    env: dict[VariableName, Value] | None = Field(
        default=None,
        description="Variables for the agent.",
        examples=[{"NODE_ENV": "development"}],
        validation_alias=AliasChoices("env", "envVars", "env_vars"),
        repr=False,
    )
    env_file: OptionalText = Field(
        default=None, description="Env file, relative to the workspace.", examples=[".env.development"]
    )
    forward_env: list[VariablePattern] | None = Field(
        default=None,
        description="Variables of the editor that sessions of this profile get, by name or glob.",
        examples=[["AWS_*", "!AWS_PROFILE"]],
    )
    volumes: list[Annotated[Text, StringConstraints(min_length=1)]] | None = Field(
        default=None,
        description="Mounts in Docker's short syntax, `source:target[:options]`; caches by name.",
        examples=[["./config:/app/config:ro", "npm"]],
    )
    devcontainer: DevContainerChoice = Field(
        default=None, description="As `docker.devcontainer`, for sessions of this profile.", examples=[True]
    )
    share: list[ShareName] | None = Field(
        default=None, description="As `docker.share`, for sessions of this profile. The user's own settings only."
    )
    agent: OptionalText = Field(default=None, description="Name of the agent that runs in this profile.")
    network: NetworkSection | None = Field(default=None, description="What sessions of this profile may reach.")
    resources: ResourcesSection | None = Field(default=None, description="What sessions of this profile may use.")
    docker_args: Annotated[DockerWords | None, UNSET_IF_EMPTY] = Field(
        default=None, description="Flags of `docker run`, as a list or as one string in a shell's words.", repr=False
    )


class DockerSection(EndsSection):
    """Everything about containers."""

    default_profile: OptionalText = Field(
        default=None, description="Profile of a session that names none.", examples=["web"]
    )
    default_image: OptionalText = Field(
        default=None, description="Image of a session whose profile names none; Berth's own when absent."
    )
    dockerfile: OptionalText = Field(
        default=None,
        description="The project's own Dockerfile, for sessions whose profile has no build of its own.",
        json_schema_extra={"default": PROJECT_DOCKERFILE},
    )
    devcontainer: DevContainerChoice = Field(
        default=None,
        description="Whether the project's `devcontainer.json` is used, or the path of one, relative to the workspace.",
        json_schema_extra={"default": False},
        examples=[True, ".devcontainer/python/devcontainer.json"],
    )
    pull: Annotated[PullPolicy | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="When images that Berth does not build are pulled.",
        json_schema_extra={"default": "missing"},
    )
    keep_images: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None,
        description="How many images of one Dockerfile are kept, the newest first; those in use stay anyway.",
        json_schema_extra={"default": 2},
    )
    agent_layer: Annotated[LayerRule | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="Whether the agent is laid on top of an image that lacks it: `ask` first, `always`, or `never`.",
        json_schema_extra={"default": "ask"},
    )
    login: Annotated[LoginScope | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="Who shares an agent's HOME and login: the sessions of a `workspace`, all of the `user`'s, or "
        "`none`: each session has its own, removed with it. `user` in the user's own settings only.",
        json_schema_extra={"default": "workspace"},
    )
    prebuild: bool | None = Field(
        default=None,
        description="Whether an image is built in the background as soon as its Dockerfile was changed. Only what may "
        "be built without asking is.",
        json_schema_extra={"default": False},
    )
    allow_custom_images: bool | None = Field(
        default=None,
        description="Whether images other than Berth's own may be used.",
        json_schema_extra={"default": True},
    )
    allowed_images: list[ImagePattern] | None = Field(
        default=None,
        description="The only images that may be used beside Berth's own, by name or glob.",
        examples=[["mycompany/*", "node:22-*"]],
    )
    default_env_file: OptionalText = Field(
        default=None, description="Env file for every session, relative to the workspace."
    )
    forward_env: list[VariablePattern] | None = Field(
        default=None, description="Further variables of the editor to forward, by name or glob; `!NAME` takes away."
    )
    share: list[ShareName] | None = Field(
        default=None,
        description="What of the user's own agents may see, read-only: `gitconfig`, `ssh-agent`, `aws`. "
        "The user's own settings only.",
    )
    network: NetworkSection | None = Field(default=None, description="What a session may reach.")
    credentials: Annotated[CredentialsWay | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="`broker`: in the network mode `allowlist` the agent's key stays outside, and the session uses it "
        "without having it; `env`: the key is a variable of the agent's. `env` in the user's own settings only.",
        json_schema_extra={"default": "broker"},
    )
    git: list[GitHost] | None = Field(
        default=None,
        description="Hosts, owners or repositories that sessions may fetch from and push to with the login that git "
        "has on this machine, which stays outside. The user's own settings only.",
        examples=[["github.com/me", "gitlab.example.com/team/project"]],
    )
    resources: ResourcesSection | None = Field(default=None, description="What a session may use.")
    spares: SparesSection | None = Field(
        default=None, description="Containers that wait for the next session, so that it starts in milliseconds."
    )
    profiles: dict[Name, ProfileEntry] | None = Field(default=None, description="Profiles by name.")


class BerthSection(Written):
    """The section ``berth``."""

    agent: OptionalText = Field(
        default=None, description="Name of the agent that is started.", json_schema_extra={"default": "claude"}
    )
    agents: dict[Name, AgentEntry] | None = Field(
        default=None, description="Agents of one's own, and changes to the known ones, by name."
    )
    mode: Annotated[Mode | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="Where agents run: `container`, or `host`, a plain process with all of the user's rights. "
        "`host` in the user's own settings only.",
        json_schema_extra={"default": "container"},
    )
    docker: DockerSection | None = Field(default=None, description="Containers.")
    keys: dict[VariableName, KeyEntry] | None = Field(
        default=None,
        description="Where keys come from and go to, by the variable that agents look for them in; for the broker. "
        "The user's own settings only.",
        examples=[
            {"ANTHROPIC_API_KEY": {"command": ["pass", "show", "anthropic"]}},
            {
                "GATEWAY_KEY": {
                    "file": "~/.secrets/gateway",
                    "url": "https://llm.example.com/v1",
                    "routes": ["POST /chat/completions", "GET /models"],
                    "urlVariable": "OPENAI_BASE_URL",
                }
            },
        ],
    )
    policy: PolicySection | None = Field(
        default=None, description="Ceilings that hold for every session, whoever asks. The user's own settings only."
    )
