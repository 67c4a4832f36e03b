"""Layers in, settings out: validated one by one, then merged.

Objects merge by key; ``env``, ``forwardEnv`` and ``volumes`` add up; everything else is replaced by the higher layer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError

from berth.settings.credentials import merged_credentials
from berth.settings.ends import merged_ends
from berth.settings.entries import Entry, added_up, by_name, highest, within
from berth.settings.image_rules import image_rules
from berth.settings.layers import LAYER_ORDER, Layer
from berth.settings.model import AgentEntry, BerthSection, DockerSection
from berth.settings.network import merged_network
from berth.settings.origin import Origin, Sourced
from berth.settings.policy import merged_policy
from berth.settings.problems import Problem, bad_settings, problems_of
from berth.settings.profiles import Profiles
from berth.settings.resources import merged_resources
from berth.settings.settings import AgentSettings, Settings
from berth.settings.spares import merged_spares
from berth.settings.texts import LayerRule

_USERS_OWN = "may stand in the user's own settings only"
DEFAULT_AGENT = Sourced("claude", Origin("built-in"))


def resolve_settings(layers: Sequence[Layer]) -> Settings:
    """Validates and merges layers, given in any order.

    Raises:
        berth.settings.problems.BadSettings: Kind ``bad-settings``; names every problem of every layer with its place.
    """
    problems: list[Problem] = []
    sections = [
        Entry(layer, (), section)
        for layer in sorted(layers, key=lambda layer: LAYER_ORDER.index(layer.name))
        if (section := _read(layer, problems)) is not None
    ]
    problems += [problem for section in sections for problem in _foreign(section)]
    if problems:
        raise bad_settings(problems)
    settings = Settings(
        agent=highest(sections, "agent", lambda entry: entry.agent) or DEFAULT_AGENT,
        agents=_agents(sections),
        mode=highest(sections, "mode", lambda entry: entry.mode),
        policy=merged_policy(within(sections, "policy", lambda entry: entry.policy)),
    )
    dockers = within(sections, "docker", lambda entry: entry.docker)
    ways = [
        Sourced(entry.written.credentials, entry.origin("credentials"))
        for entry in dockers
        if entry.written.credentials
    ]
    credentials = merged_credentials(ways, by_name(sections, "keys", lambda entry: entry.keys))
    credentials = replace(credentials, git=added_up(dockers, "git", lambda entry: entry.git))
    return _with_docker(replace(settings, credentials=credentials), dockers)


def _with_docker(settings: Settings, dockers: Sequence[Entry[DockerSection]]) -> Settings:
    return replace(
        settings,
        default_profile=highest(dockers, "default_profile", lambda entry: entry.default_profile),
        default_image=highest(dockers, "default_image", lambda entry: entry.default_image),
        default_env_file=highest(dockers, "default_env_file", lambda entry: entry.default_env_file),
        dockerfile=highest(dockers, "dockerfile", lambda entry: entry.dockerfile),
        devcontainer=highest(dockers, "devcontainer", lambda entry: entry.devcontainer),
        pull=highest(dockers, "pull", lambda entry: entry.pull),
        agent_layer=_layer_rule(dockers),
        login=highest(dockers, "login", lambda entry: entry.login),
        keep_images=highest(dockers, "keep_images", lambda entry: entry.keep_images),
        prebuild=highest(dockers, "prebuild", lambda entry: entry.prebuild),
        image_rules=image_rules(dockers),
        forward_env=added_up(dockers, "forward_env", lambda entry: entry.forward_env),
        share=added_up(dockers, "share", lambda entry: entry.share),
        network=merged_network(within(dockers, "network", lambda entry: entry.network)),
        ends=merged_ends(dockers),
        resources=merged_resources(within(dockers, "resources", lambda entry: entry.resources)),
        spares=merged_spares(within(dockers, "spares", lambda entry: entry.spares)),
        profiles=Profiles(by_name(dockers, "profiles", lambda entry: entry.profiles)),
    )


def problems_in(layer: Layer) -> list[Problem]:
    """What is wrong in one layer."""
    problems: list[Problem] = []
    section = _read(layer, problems)
    entry = Entry(layer, (), section) if section is not None else None
    return [*problems, *(_foreign(entry) if entry else ())]


def _layer_rule(entries: Sequence[Entry[DockerSection]]) -> Sourced[LayerRule] | None:
    """The highest layer's word; a ``never`` of any layer holds."""
    refusing = [entry for entry in entries if entry.written.agent_layer == "never"]
    return highest(refusing or entries, "agent_layer", lambda entry: entry.agent_layer)


def _read(layer: Layer, problems: list[Problem]) -> BerthSection | None:
    try:
        return BerthSection.model_validate(layer.section())
    except ValidationError as error:
        problems += problems_of(layer, error)
        return None


def _foreign(section: Entry[BerthSection]) -> Iterator[Problem]:
    """What a workspace wrote that bounds workspaces or is about the user's keys.

    An empty object is what editors send for one that nobody touched.
    """
    written = section.written
    if section.layer.trusted:
        return
    if written.policy is not None and written.policy.model_fields_set:
        yield Problem("berth.policy", section.origin("policy").place, _USERS_OWN)
    if written.keys:
        yield Problem("berth.keys", section.origin("keys").place, _USERS_OWN)


def _agents(sections: Sequence[Entry[BerthSection]]) -> dict[str, AgentSettings]:
    named = by_name(sections, "agents", lambda entry: entry.agents)
    return {name: _agent(name, entries) for name, entries in named.items()}


def _agent(name: str, entries: Sequence[Entry[AgentEntry]]) -> AgentSettings:
    command = highest(entries, "command", lambda entry: entry.command)
    return AgentSettings(
        name=name,
        origin=entries[-1].origin(),
        command=Sourced(tuple(command.value), command.origin) if command else None,
        dialect=highest(entries, "dialect", lambda entry: entry.dialect),
        forward_env=added_up(entries, "forward_env", lambda entry: entry.forward_env),
        home=highest(entries, "home", lambda entry: entry.home),
    )
