"""The volumes that settings and request name: mounts in short syntax, caches by their word, what the user shares."""

from collections.abc import Mapping

from berth.planning.caches import CACHES, cache_folders, cache_variables
from berth.planning.choice import Choice
from berth.planning.paths import Places
from berth.planning.shares import shared_variables, shared_volumes
from berth.planning.volumes import Volume, parse_volume


def named_volumes(choice: Choice, places: Places) -> list[Volume]:
    """All of them, before anything is looked at.

    Raises:
        SettingsError: ``bad-mount`` or ``bad-settings``.
    """
    mounts = [parse_volume(written, places) for written in choice.volumes if written.value not in CACHES]
    return [
        *_caches(choice, places).values(),
        *mounts,
        *shared_volumes(choice.share, places, home=choice.agent.home),
    ]


def volume_variables(choice: Choice) -> Mapping[str, tuple[str, str]]:
    """The variables that point to caches and shared things: their values, and why."""
    home = choice.agent.home
    words = [written.value for written in choice.volumes if written.value in CACHES]
    cached = {
        name: (value, f"where the cache {word} is")
        for word in words
        for name, value in cache_variables(word, home=home).items()
    }
    shared = {name: (value, "where the user's own is shared") for name, value in shared_variables(choice.share).items()}
    return {**cached, **shared}


def _caches(choice: Choice, places: Places) -> dict[str, Volume]:
    """By target: two caches may be in one folder."""
    return {
        str(target): Volume(written.value, name, target, read_only=False, ignored=(), origin=written.origin)
        for written in choice.volumes
        if written.value in CACHES
        for target, name in cache_folders(written.value, home=choice.agent.home, workspace=places.workspace).items()
    }
