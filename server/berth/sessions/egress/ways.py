"""The ways out of all sessions of a host: each has a lane of the proxy, and a holder whose namespace it joins."""

import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import anyio
from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.errors import BerthError, EngineError
from berth.planning.labels import LABEL
from berth.planning.network_plan import NetworkPlan
from berth.sessions.egress.containers import egress_name, holder_command, holder_name, holder_plan
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.orders import Told, set_order
from berth.sessions.egress.orphans import remove_orphans
from berth.sessions.egress.proxy import Listener, Proxy
from berth.sessions.egress.proxy_container import ProxyContainer

logger = logging.getLogger(__name__)

HOLD_SECONDS = 90.0
"""How long a request waits for a person, where one may be asked. Tools give up after one to five minutes."""


LENT_SECONDS = 1800.0
"""How long a login may take; the codes that vendors show for one are good for 10 to 15 minutes."""


@dataclass(frozen=True, slots=True)
class Way:
    """One session's way out. ``holder`` is the container whose network namespace it joins."""

    lane: str
    holder: str
    proxy: Proxy


class Ways:
    """Makes them. The images are there when it is asked."""

    def __init__(self, engine: Engine, desk: Desk, *, host: str, tasks: TaskGroup) -> None:
        """``host`` tells hosts apart: the proxy of one is none of another's. ``desk`` leads proxies to loopback."""
        self._engine = engine
        self._desk = desk
        self._host = host
        self._tasks = tasks
        self._proxies: dict[str, Proxy] = {}
        self._ready: dict[str, list[tuple[str, str]]] = {}

    async def open(self, plan: NetworkPlan, listener: Listener) -> Way:
        """A new way out with the plan's rules, which hold when this returns.

        Raises:
            EngineError: ``egress-failed``, or what the engine says. There is no other way out then: it fails closed.
        """
        return await self._opened(
            plan, lambda lane: set_order(lane, plan, hold=HOLD_SECONDS if plan.asks else 0.0), listener
        )

    async def shut(self, plan: NetworkPlan) -> Way:
        """A new way out through which nothing passes, and nobody is asked; its rules come when somebody takes it.

        Raises:
            EngineError: As :meth:`open`.
        """
        nothing = NetworkPlan("allowlist")
        return await self._opened(plan, lambda lane: set_order(lane, nothing, hold=0.0), _nobody)

    async def take(self, way: Way, order: dict[str, Any], listener: Listener) -> None:
        """Gives rules to one that was shut; they hold when this returns. Raises as :meth:`open` does."""
        await way.proxy.set(order, listener)
        await self._check(way)

    async def _opened(self, plan: NetworkPlan, order: Callable[[str], dict[str, Any]], listener: Listener) -> Way:
        image = plan.image.reference if plan.image else ""
        name = egress_name(self._host, image)
        proxy = self._proxy(name, image)
        if name not in self._ready:
            self._tasks.start_soon(self._sweep, name)
        await proxy.ready()
        spares = self._ready.setdefault(name, [])
        lane, holder = await self._taken(spares) or await self._made(name, image)
        way = Way(lane, holder, proxy)
        try:
            await self._start(holder)
            await proxy.set(order(lane), listener)
            await self._check(way)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.close(way)
            raise
        if not spares:
            self._tasks.start_soon(self._keep_ready, name, image)
        return way

    async def lend(self, plan: NetworkPlan) -> Way:
        """A way out for a container that a terminal starts and that no session is; nobody is asked about its requests.

        It is taken away after :data:`LENT_SECONDS`. Raises as :meth:`open` does.
        """
        way = await self.open(replace(plan, asks=False), lambda _: None)
        self._tasks.start_soon(self._take_back, way)
        return way

    async def _take_back(self, way: Way) -> None:
        await anyio.sleep(LENT_SECONDS)
        try:
            await self.close(way)
        except EngineError as error:
            logger.info("A way out that was lent could not be taken back: %s", error.kind)

    async def _sweep(self, name: str) -> None:
        try:
            await remove_orphans(self._engine, name)
        except EngineError as error:
            logger.info("Holders of nobody could not be removed: %s", error.kind)

    async def _taken(self, spares: list[tuple[str, str]]) -> tuple[str, str] | None:
        """One that was kept ready, and that nobody took away meanwhile."""
        while spares:
            lane, holder = spares.pop()
            if await self._engine.inspect(holder) is not None:
                return lane, holder
        return None

    async def _made(self, name: str, image: str) -> tuple[str, str]:
        """A new holder, not started, and its lane."""
        lane = secrets.token_hex(8)
        plan = holder_plan(name, image, lane)
        return lane, await self._engine.create(plan, name=holder_name(lane), command=holder_command(lane))

    async def _keep_ready(self, name: str, image: str) -> None:
        """One holder more, for the next start: it takes 0.85 of a start on the bridge to make."""
        try:
            lane, holder = await self._made(name, image)
            self._ready[name].append((lane, holder))
            await self._start(holder)
        except EngineError as error:
            logger.info("No holder could be kept ready: %s", error.kind)

    async def _start(self, holder: str) -> None:
        found = await self._engine.inspect(holder)
        if found is None or found.status != "running":
            await self._engine.start(holder)

    async def open_again(self, way: Way, order: dict[str, Any], listener: Listener) -> None:
        """Makes a way out that is there already lead out again, with these rules. Raises as :meth:`open` does."""
        await way.proxy.ready()
        await self._start(way.holder)
        await way.proxy.set(order, listener)
        await self._check(way)

    async def found(self, lane: str) -> Way | None:
        """The way out of this lane, which an earlier host with this state folder made; None when its holder is gone.

        Raises:
            EngineError: What the engine says.
        """
        holder = await self._engine.inspect(holder_name(lane))
        name = egress_name(self._host, holder.image) if holder else ""
        if holder is None or holder.labels.get(f"{LABEL}.proxy") != name:
            return None
        return Way(lane, holder.id, self._proxy(name, holder.image))

    def _proxy(self, name: str, image: str) -> Proxy:
        container = ProxyContainer(self._engine, self._desk, name=name, image=image)
        return self._proxies.setdefault(name, Proxy(self._engine, container, self._desk, tasks=self._tasks))

    async def close(self, way: Way) -> None:
        """Takes it away; no error when it is gone."""
        await way.proxy.drop(way.lane)
        await self._engine.remove(way.holder)

    async def aclose(self) -> None:
        """Takes away what was kept ready; sessions keep theirs."""
        spares = [holder for ready in self._ready.values() for _, holder in ready]
        self._ready.clear()
        for holder in spares:
            with contextlib.suppress(BerthError):
                await self._engine.remove(holder)

    async def _check(self, way: Way) -> None:
        escapes = await way.proxy.joined(way.lane)
        if escapes != "-":
            sentence = f"The session's network is not closed: its holder got out by {escapes}."
            raise EngineError(
                "egress-failed", sentence, "Tell the engine's owner: a container without network has one."
            )


def _nobody(_: Told) -> None:
    """Nobody hears of a lane that is shut."""
