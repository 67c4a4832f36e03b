"""Containers that were started ahead and wait on their launcher, so that the next start takes milliseconds.

After a start is up another container of its shape is made in the background, while no session is on its way up. They
are bounded in number, expire, go when what they were made of changes, and end with the host. One whose host died ends
by its own clock, and the next host of the same state folder removes it.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping

import anyio
from anyio import to_thread

from berth.engine.base import ContainerFacts
from berth.errors import BerthError, EngineError
from berth.host.presence import Presence
from berth.host.shelf import Shelf
from berth.host.spare import Spare, Wish, wish_of
from berth.host.spare_maker import Maker
from berth.planning.host_plan import AnyPlan
from berth.planning.labels import SPARE_LABEL
from berth.planning.plan import SessionPlan
from berth.planning.spares import is_spare, place, shape
from berth.protocol.session import SessionInfo, State
from berth.sessions import mount_points
from berth.sessions.leave import Allowed
from berth.sessions.spares import Rule, Taken
from berth.sessions.states import ENDED

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0
"""How long a host that ends waits for its spares to be gone. Those that stay are the next one's to remove."""


class Spares:
    """The spares of one host. See :class:`berth.sessions.spares.Spares`."""

    def __init__(self, maker: Maker, presence: Presence, allowed: Allowed, *, is_busy: Callable[[], bool]) -> None:
        """None waits. ``is_busy`` tells whether a session is on its way up."""
        self._maker = maker
        self._engine = maker.engine
        self._allowed = allowed
        self._presence = presence
        self._is_busy = is_busy
        self._started: dict[str, Wish] = {}
        self._shelf = Shelf()
        self._unnamed: dict[str, str] = {}
        self._news = anyio.Event()
        self._working = anyio.Lock()

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self._shelf.waiting)

    def may_have(self, plan: SessionPlan, /) -> bool:
        """Whether one of the plan's shape waits, if the image is still the same one."""
        return self._found(plan) is not None

    async def take(self, plan: SessionPlan, *, name: str, rule: Rule) -> Taken | None:
        """One that waits for just this plan, running; None when there is none. The engine is told its name soon."""
        spare = self._found(plan)
        if spare is None:
            return None
        self._shelf.take(spare)
        taken = None
        try:
            seen = await self._maker.looked_at(spare, plan, rule)
            taken = await self._hand_over(spare, seen, name=name) if seen is not None else None
        finally:
            if taken is None:
                await self._refuse(spare)
        return taken

    def made(self, plan: SessionPlan, taken: Taken) -> None:
        """A session has its container. Once its agent is up, another of its shape may wait for the next one."""
        if not plan.spares.count or plan.spares.why_none:
            meant = place(plan)
            self._shelf.drop(lambda wish: wish.place == meant)
            self._news.set()
        else:
            self._started[taken.container] = wish_of(plan, taken.image)

    def changed(self, info: SessionInfo) -> None:
        """A session changed: when its agent has come up, another container like its own is wished for."""
        if info.container and (info.state is State.IDLE or info.state in ENDED):
            wish = self._started.pop(info.container, None)
            if wish is not None and info.state is State.IDLE:
                self._shelf.wish(wish)
        if self._shelf.is_wished_for or self._unnamed:
            self._news.set()

    def planned(self, before: AnyPlan, now: AnyPlan) -> None:
        """A session's settings were read again: where they come to another container, none like its own is kept."""
        if before.mode == "host":
            return
        old = shape(before, "").container
        if now.mode == "host" or not now.spares.count or old != shape(now, "").container:
            self._shelf.drop(lambda wish: wish.shape.container == old)
            self._news.set()

    async def run(self) -> None:
        """Makes and removes, until it is cancelled. The first thing is what hosts left behind that died."""
        await self._sweep()
        while True:
            news = self._news = anyio.Event()
            async with self._working:
                if not self._is_busy():  # an engine that renames a container lets nobody write to it meanwhile
                    await self._name()
                self._shelf.expire(anyio.current_time())
                await self._clear_away()
                has_made = await self._make_one()
            if not has_made:
                with anyio.move_on_at(self._shelf.next_expiry()):
                    await news.wait()

    async def clear(self) -> int:
        """Removes all that wait, and makes none of those that were wished for; answers how many there were."""
        async with self._working:
            await self._name()
            count = self.count
            self._shelf.drop(lambda _: True)
            await self._clear_away()
        return count

    async def aclose(self) -> None:
        """Removes all that there are. What the engine does not remove in time is left for the next host."""
        with anyio.move_on_after(CLOSE_SECONDS, shield=True):
            await self.clear()
            if not self._shelf.leaving and not self._unnamed:
                with contextlib.suppress(OSError):  # then the next host looks, and finds nothing
                    await to_thread.run_sync(self._presence.vanish)

    def _found(self, plan: SessionPlan) -> Spare | None:
        if not self._shelf.waiting or not plan.spares.count:
            return None
        return self._shelf.find(shape(plan, "").container, now=anyio.current_time())

    async def _hand_over(self, spare: Spare, seen: Mapping[str, str], *, name: str) -> Taken | None:
        """Makes it the session's: on disk at once, by its name soon."""
        try:
            await to_thread.run_sync(self._presence.claim, spare.container, name)
        except OSError:
            logger.warning("A container that waited could not be handed over.", exc_info=True)
            return None
        self._unnamed[spare.container] = name
        return Taken(spare.container, spare.wish.shape.image, seen)

    async def _name(self) -> None:
        """Gives those that were taken their sessions' names. Where the engine refuses now, it is tried again later."""
        for container, name in tuple(self._unnamed.items()):
            try:
                await self._engine.rename(container, name)
            except BerthError as error:
                if error.kind != "container-gone":
                    logger.warning("The container %s keeps the name that it waited under: %s", name, error.kind)
                    continue
            del self._unnamed[container]
            await to_thread.run_sync(self._presence.named, container)

    async def _refuse(self, spare: Spare) -> None:
        """It goes, at once."""
        self._shelf.leaving.append(spare)
        with anyio.CancelScope(shield=True):
            await self._remove(spare)

    async def _make_one(self) -> bool:
        """Makes the next one that is wished for; False when there is nothing to do, or a session comes first."""
        wish = None if self._is_busy() else self._shelf.next_wish()
        if wish is None:
            return False
        if not await self._allowed.allows(wish.plan):  # it was for that session alone
            self._shelf.forget(wish)
            return True
        self._shelf.make_room(wish)
        await self._clear_away()
        spare = Spare(wish)
        self._shelf.leaving.append(spare)  # where it does not come up, for whatever reason, it is to go
        try:
            await to_thread.run_sync(self._presence.appear)
            await self._maker.bring_up(spare, host=self._presence.host)
        except (BerthError, OSError) as error:
            logger.warning("A spare could not be made: %s", error.kind if isinstance(error, BerthError) else error)
            self._shelf.forget(wish)
            return True
        self._shelf.leaving.remove(spare)
        self._shelf.add(spare)
        return True

    async def _clear_away(self) -> None:
        for spare in tuple(self._shelf.leaving):
            await self._remove(spare)
            if not self._is_busy():  # else a session may have made them a moment ago, and clears them at its end
                await mount_points.clear(self._engine, spare.wish.plan)

    async def _remove(self, spare: Spare) -> None:
        """Takes it away. Where the engine fails now, it is tried again later."""
        try:
            await self._maker.remove(spare)
        except BerthError as error:
            logger.warning("A spare could not be removed: %s", error.kind)
            return
        if spare in self._shelf.leaving:
            self._shelf.leaving.remove(spare)

    async def _sweep(self) -> None:
        """Removes what waits for hosts that died; where that fails, a later host does it."""
        try:
            for host in await to_thread.run_sync(self._presence.dead):
                for container in await self._engine.containers({SPARE_LABEL: host}):
                    if is_spare(container.name, container.labels):
                        await self._settle(host, container)
                await to_thread.run_sync(self._presence.forget, host)
        except BerthError as error:
            logger.warning("The spares of a host that died stay for now: %s", error.kind)
        except OSError:
            logger.warning("Whether other hosts left spares could not be seen.", exc_info=True)

    async def _settle(self, host: str, facts: ContainerFacts) -> None:
        """Removes what waited for a host that died; what was a session's already gets its name."""
        name = await to_thread.run_sync(self._presence.claimed, host, facts.id)
        if name is None:
            await self._maker.remove_left(facts)
            return
        try:
            await self._engine.rename(facts.id, name)
        except EngineError as error:
            if error.kind not in ("container-gone", "name-taken"):
                raise
