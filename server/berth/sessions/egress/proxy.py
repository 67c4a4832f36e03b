"""The proxy of one host, as the host talks to it: it outlives the host, and is found again by its name."""

import contextlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import anyio
from anyio.abc import TaskGroup

from berth.engine.agent_input import Input
from berth.engine.base import Engine
from berth.errors import BerthError, EngineError
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.orders import MOST_LINE, Told, read_told
from berth.sessions.egress.proxy_container import ProxyContainer

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 20.0
"""How long the proxy, or a holder, may take to answer: a machine under load starts a container in ten."""

Listener = Callable[[Told], None]


class Proxy:
    """One proxy. Rules are kept here as well, so that a proxy that had to be started again has them again."""

    def __init__(self, engine: Engine, container: ProxyContainer, desk: Desk, *, tasks: TaskGroup) -> None:
        """Nothing is started. ``desk`` learns of every order, so that it leads to what the proxy lets through."""
        self._engine = engine
        self._container = container
        self._desk = desk
        self._tasks = tasks
        self._lock = anyio.Lock()
        self._input: Input | None = None
        self._heard = ""
        self._orders: dict[str, Mapping[str, Any]] = {}
        self._listeners: dict[str, Listener] = {}
        self._waiting: dict[str, tuple[anyio.Event, bytes]] = {}
        self._joined: dict[str, anyio.Event] = {}
        self._doors: dict[str, str] = {}
        self._known: set[str] = set()

    async def ready(self) -> None:
        """Makes sure that it runs. Holders come after it: it is the one that the volume of both is made with.

        Raises:
            EngineError: What the engine says.
        """
        await self._ready()

    async def set(self, order: dict[str, Any], listener: Listener) -> None:
        """Gives a lane its rules; they hold when this returns. ``listener`` hears of the lane from then on.

        Raises:
            EngineError: ``egress-failed``, or what the engine says.
        """
        lane, order = str(order["lane"]), await self._desk.noted(order)
        self._orders[lane], self._listeners[lane] = order, listener
        await self._send(order)

    async def tell(self, order: dict[str, Any]) -> None:
        """Any other order. Raises as :meth:`set` does."""
        await self._send(await self._desk.noted(order))

    async def joined(self, lane: str) -> str:
        """Waits until the lane's holder has opened its door; answers what it saw of other ways out, ``-`` for none.

        Raises:
            EngineError: ``egress-failed``: it does not.
        """
        try:
            with anyio.fail_after(ANSWER_SECONDS):
                while not self._doors.get(lane):
                    await self._joined.setdefault(lane, anyio.Event()).wait()
        except TimeoutError:
            raise _failed("its holder did not open a door") from None
        return self._doors[lane]

    async def drop(self, lane: str) -> None:
        """Forgets a lane. A proxy that is not there has forgotten it already.

        Its answer is not waited for: a host that ends takes ways away when nothing listens to the proxy any more.
        """
        self._desk.forget(lane)
        known, writer = self._orders.pop(lane, None), self._input
        self._listeners.pop(lane, None)
        self._doors.pop(lane, None)
        if known is not None and writer is not None:
            with contextlib.suppress(BerthError):
                await writer.write(_line({"do": "drop", "lane": lane}))

    async def _send(self, order: dict[str, Any]) -> None:
        number = secrets.token_hex(8)
        answered, line = anyio.Event(), _line({**order, "order": number})
        self._waiting[number] = answered, line
        try:
            with anyio.fail_after(ANSWER_SECONDS):
                await self._write(line)
                await answered.wait()
        except TimeoutError:
            raise _failed("it did not answer") from None
        finally:
            del self._waiting[number]

    async def _write(self, line: bytes) -> None:
        """Writes one order, unless the way is lost: :meth:`_watch` writes what is not answered over another."""
        writer = await self._ready()
        try:
            await writer.write(line)
        except EngineError as error:
            if error.kind != "container-gone":
                raise

    async def _ready(self) -> Input:
        """The way to a running proxy, which is started where there is none."""
        async with self._lock:
            if self._input is None:
                container = await self._container.found()
                writer = await self._engine.open_input(container)
                if container != self._heard:
                    await self._begin(container, writer)
                self._input = writer
                self._tasks.start_soon(self._watch, writer)
            return self._input

    async def _begin(self, container: str, writer: Input) -> None:
        """Starts it, and gives it the rules of all lanes: it knows none."""
        self._known.clear()
        self._doors.clear()
        await self._engine.start(container)
        self._heard = container
        self._tasks.start_soon(self._listen, container)
        for order in self._orders.values():
            await writer.write(_line(order))

    async def _watch(self, writer: Input) -> None:
        """An engine that was away has lost the way in: what is not answered goes over another one, the same again."""
        try:
            await writer.until_lost()
        finally:
            if self._input is writer:
                self._input = None
            with anyio.CancelScope(shield=True), contextlib.suppress(BerthError):
                await writer.aclose()
        with contextlib.suppress(BerthError):
            await self._write_again()

    async def _write_again(self) -> None:
        for _, line in tuple(self._waiting.values()):
            await self._write(line)

    async def _listen(self, container: str) -> None:
        """Reads what the proxy prints until it ends; the next order starts it again."""
        line = b""
        try:
            async with self._engine.output(container) as outputs:
                async for output in outputs:
                    *lines, line = (line + output.data).split(b"\n") if output.stream == "stdout" else (line,)
                    line = line[-MOST_LINE:]
                    for each in lines:
                        self._hear(read_told(each))
        except BerthError as error:
            logger.warning("The proxy can no longer be heard: %s", error.kind)
        if container == self._heard:
            await self._revive()

    async def _revive(self) -> None:
        """It ended, or cannot be heard: while sessions need it, nothing gets through until there is another."""
        self._heard, self._input = "", None
        if not self._orders and not self._waiting:
            return
        logger.warning("The proxy ended, and is started again.")
        await anyio.sleep(1.0)
        try:
            await self._ready()
            await self._write_again()
        except BerthError as error:
            logger.warning("The proxy cannot be started: %s", error.kind)

    def _hear(self, told: Told | None) -> None:
        if told is None:
            return
        if told.event in ("joined", "done"):
            self._on_door(told)
        if told.order in self._waiting:
            self._known.add(told.lane)
            self._waiting[told.order][0].set()
        elif told.lane in self._known and told.lane in self._listeners and told.event not in ("joined", "done"):
            self._listeners[told.lane](told)

    def _on_door(self, told: Told) -> None:
        if not told.why:
            return
        self._doors[told.lane] = told.why
        self._joined.pop(told.lane, anyio.Event()).set()


def _line(order: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(order)).encode() + b"\n"


def _failed(why: str) -> EngineError:
    sentence = f"What stands between the session and the network does not work: {why}."
    hint = 'Start again; "open" in berth.docker.network.mode does without it, and without what it keeps away.'
    return EngineError("egress-failed", sentence, hint)
