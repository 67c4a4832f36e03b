"""A house whose host keeps spares, and what tests ask of it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Sized
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from berth.engine.base import ContainerFacts
from berth.host.host import Host
from berth.planning.labels import SPARE_LABEL
from berth.planning.spares import is_spare
from berth.protocol.container_events import ContainerState
from berth.protocol.session import State
from berth.settings.scopes import ScopedSection
from tests.host.test_host import SETTINGS, House, house_in


def spares(count: int = 1, **settings: object) -> dict[str, Any]:
    """The settings of all tests of the host, with so many containers that wait."""
    docker: Any = SETTINGS["docker"]
    profiles = {**docker["profiles"], "third": {"env": {"MODE": "third"}}}
    more = {"network": {"mode": "open"}, "spares": {"count": count, **settings}}
    return {**SETTINGS, "docker": {**docker, "profiles": profiles, **more}}


def spares_behind_doors(*, allow: tuple[str, ...] = ()) -> ScopedSection:
    """The same in the network mode ``allowlist``, as the user's own word."""
    given = spares()
    network = {"mode": "allowlist", "allow": list(allow)}
    return ScopedSection(user={**given, "docker": {**given["docker"], "network": network}}, trusted=True)


@asynccontextmanager
async def spare_house(folder: Path, count: int = 1, **settings: object) -> AsyncIterator[House]:
    async with house_in(folder) as house:
        house.editor.settings = spares(count, **settings)
        yield house


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Waits until something holds that nobody tells of."""
    with anyio.fail_after(seconds):
        while not holds():  # noqa: ASYNC110 - what happens on the way to a spare is told to nobody
            await anyio.sleep(0.005)


async def until_waiting(host: Host, count: int = 1) -> None:
    """Waits until so many containers wait."""
    await until(lambda: host.spares.count == count)


async def up(house: House, **fields: object) -> str:
    """A session whose agent is up."""
    session = await house.start(**fields)
    await house.until(session, State.IDLE)
    return session


async def waiting(house: House) -> list[ContainerFacts]:
    """The containers that wait, as the engine knows them."""
    found = await house.engine.containers({"dev.berth": "1"})
    return [facts for facts in found if is_spare(facts.name, facts.labels)]


def came_from_a_spare(house: House) -> list[bool]:
    """Of each container that a session got, whether it had waited."""
    made = [event for event in house.editor.bodies(ContainerState) if event.status == "created"]
    return [bool(event.spare) for event in made]


__all__ = ["SPARE_LABEL", "came_from_a_spare", "spare_house", "spares", "until", "until_waiting", "up", "waiting"]


def dies(house: House) -> None:
    """The host's process is gone: its lock with it, and nothing was cleared away."""
    presence = house.host.spares._presence
    assert presence._descriptor is not None
    os.close(presence._descriptor)
    presence._descriptor = None
    house.host.spares._shelf.waiting.clear()


async def five_hundred_starts(
    house: House, counted: Callable[[], Awaitable[Sized]], *, profiles: Sequence[str | None] = (None,)
) -> tuple[int, int]:
    """Starts and removes sessions of these profiles in turn; every fifth does not wait until a container waits for it.

    Returns:
        The most that was counted at once, and how many sessions got a container that had waited.
    """
    most, taken = 0, 0
    for number in range(500):
        session = await up(house, profile=profiles[number % len(profiles)])
        most = max(most, len(await counted()))
        taken += came_from_a_spare(house)[-1]
        if number % 5:
            await until(lambda: house.host.spares.count > 0)
        await house.host.remove(house.host.session(session))
        house.editor.events.clear()
        house.editor.infos.clear()
        house.engine.calls.clear()
    return most, taken
