"""Settings that mean nothing without a container: each is named once, so that nobody counts on it."""

from collections.abc import Iterator
from typing import Any

from berth.planning.choice import Choice
from berth.protocol.plans import PlanArguments
from berth.settings.origin import Sourced
from berth.settings.resources import Resources
from berth.settings.settings import AgentSettings, Profile, Settings

_RESOURCES = ("memory", "cpus", "pids", "shm", "gpus")


def ignored_notes(settings: Settings, request: PlanArguments, choice: Choice, *, asked: Resources) -> tuple[str, ...]:
    """A sentence for each setting and each field of the request that is ignored. ``asked``: what of them all counts."""
    names = (
        *_of_settings(settings),
        *_of_agent(settings.agents.get(choice.agent.name)),
        *_of_profile(choice.profile),
        *_of_request(request),
        *_of_resources(asked),
    )
    return tuple(f"{name} is ignored: there is no container." for name in dict.fromkeys(names))


def _of_settings(settings: Settings) -> Iterator[str]:
    yield from _places("defaultImage", settings.default_image)
    yield from _places("devcontainer", settings.devcontainer)
    yield from _places("forwardEnv", *settings.forward_env)
    yield from _places("share", *settings.share)
    yield from (_named(rule.setting.removeprefix("docker."), rule.origin.place) for rule in settings.image_rules)


def _of_agent(agent: AgentSettings | None) -> Iterator[str]:
    if agent is not None:
        yield from _places("home", agent.home)
        yield from _places("forwardEnv", *agent.forward_env)


def _of_profile(profile: Profile | None) -> Iterator[str]:
    if profile is not None:
        yield from _places("image", profile.image)
        yield from _places("devcontainer", profile.devcontainer)
        yield from _places("volumes", *profile.volumes)
        yield from _places("share", *profile.share)
        yield from _places("forwardEnv", *profile.forward_env)
        yield from _places("dockerArgs", profile.docker_args)


def _of_request(request: PlanArguments) -> Iterator[str]:
    given = {
        "image": request.image,
        "build": request.build != "auto",
        "mounts": request.mounts,
        "forwardEnv": request.forward_env,
        "dockerArgs": request.docker_args,
    }
    yield from (f"The request's {name}" for name, value in given.items() if value)


def _of_resources(asked: Resources) -> Iterator[str]:
    for name in _RESOURCES:
        yield from _places(name, getattr(asked, name))


def _places(name: str, *written: Sourced[Any] | None) -> Iterator[str]:
    yield from (_named(name, value.origin.place) for value in written if value is not None)


def _named(name: str, place: str) -> str:
    """The setting by its path; with the file and line where that is what is known of it."""
    return place if place.endswith(name) else f"{name} ({place})"
