"""The way to one agent's stdin, which is opened anew where the engine, or what leads to it, loses it."""

import logging
from collections.abc import Awaitable, Callable

import anyio

from berth.engine.agent_input import Input
from berth.engine.base import Runner
from berth.errors import BerthError, EngineError
from berth.sessions.delivery import Delivery

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.05, 10.0
"""Seconds between two tries; each wait is twice the one before."""

HOLDS_SECONDS = 5.0
TRIES = 5
"""A way that broke sooner than that so often in a row will not hold: the program has closed its stdin."""

SILENCE_SECONDS = 2.0
"""A launcher that has its payload carries something out, or hands over, within milliseconds, and says so."""

_PASSING = frozenset({"engine-unreachable", "engine-busy", "container-gone"})


class PayloadLost(EngineError):
    """What a launcher waits for was lost, and lost again: this life of its container hears nothing any more."""

    def __init__(self) -> None:
        """Says so to people, for whom it is the last of several tries."""
        hint = "Restart the engine, or rebuild the session."
        super().__init__("engine-busy", "The engine passes nothing on to the container that it started.", hint)


class InputLine:
    """One life's. ``prints`` waits until the agent has printed more than so many bytes."""

    def __init__(self, runner: Runner, container: str, prints: Callable[[int], Awaitable[None]]) -> None:
        """Not open yet."""
        self._runner = runner
        self.container = container
        self._prints = prints
        self._input: Input | None = None
        self._payload, self._was_lost = b"", False
        self._heeded = anyio.Event()
        self._broken = 0

    async def open(self) -> Input:
        """Opens it for the first time. Raises what the engine raises."""
        self._input = await self._runner.open_input(self.container)
        return self._input

    async def whole(self) -> Input:
        """The way once the program runs: another one where the first was lost, over which nothing was written yet.

        An engine that is back takes away what was opened while it cleared up after what had died with it.

        Raises:
            BerthError: What the engine raises.
        """
        opened = self._input
        assert opened is not None  # noqa: S101 - it follows open
        with anyio.move_on_after(0) as look:
            await opened.until_lost()
        if look.cancelled_caught:
            return opened
        logger.info("The way to the input of an agent was lost during its start, and is opened anew")
        await opened.aclose()
        return await self.open()

    async def launch(self, payload: bytes, heeded: anyio.Event) -> None:
        """Gives the launcher what it waits for. Where it was lost on the way, it is given again with :meth:`deliver`.

        Args:
            payload: What makes it the agent.
            heeded: Set once the launcher has shown that it has that.

        Raises:
            BerthError: What the engine raises.
        """
        self._payload, self._heeded = payload, heeded
        await (await self.whole()).write(payload)

    async def take_up(self) -> Input:
        """Opens it to a program that runs, as soon as the engine lets it; engines do not while it is paused.

        Raises:
            BerthError: As :meth:`open`.
        """
        try:
            return await self.open()
        except BerthError as error:
            if error.kind not in _PASSING:
                raise
        return await self._reopened()

    async def deliver(self, delivery: Delivery) -> None:
        """Writes what there is and what comes, over as many ways as it takes, until cancelled.

        Raises:
            BerthError: What was raised last, when no way holds.
        """
        while True:
            error = await self._deliver(delivery)
            if error is not None and (self._broken > TRIES or error.kind not in _PASSING):
                raise error
            logger.info("The way to the input of an agent broke, and is opened anew")
            delivery_input = await self._reopened()
            try:
                await self._launch_again(delivery_input)
                await delivery.again(delivery_input, self._prints)
            except PayloadLost:
                raise
            except BerthError as again:
                logger.info("It broke again: %s", again.kind)

    async def aclose(self) -> None:
        """Lets go of it."""
        if self._input is not None:
            await self._input.aclose()

    async def _launch_again(self, opened: Input) -> None:
        """An engine that takes a way away just after the start takes the payload with it, and its launcher waits on.

        Raises:
            PayloadLost: It did so twice. Docker, where a crash left a task behind, then does it with every way.
        """
        if not self._payload or self._heeded.is_set():
            return
        with anyio.move_on_after(SILENCE_SECONDS):
            await self._heeded.wait()
        if self._heeded.is_set():
            return
        if self._was_lost:
            logger.warning("The engine passes nothing on to the container %s", self.container[:12])
            raise PayloadLost
        logger.info("The payload of an agent was lost during its start, and is written anew")
        self._was_lost = True
        await opened.write(self._payload)

    async def _deliver(self, delivery: Delivery) -> BerthError | None:
        """Writes until the way is lost; answers the error where one told so."""
        opened, begun = self._input, anyio.current_time()
        assert opened is not None  # noqa: S101 - deliver follows open
        failure: BerthError | None = None
        async with anyio.create_task_group() as tasks:
            if self._broken <= TRIES:
                tasks.start_soon(_watch, opened, delivery)
            try:
                await delivery.run(opened)
            except BerthError as error:
                failure = error
            tasks.cancel_scope.cancel()
        self._broken = self._broken + 1 if anyio.current_time() - begun < HOLDS_SECONDS else 0
        return failure

    async def _reopened(self) -> Input:
        """A new way, as soon as there is one. An agent that no longer runs needs none: its life is about to end."""
        wait = FIRST_WAIT * 2**self._broken
        while True:
            await anyio.sleep(wait)
            try:
                facts = await self._runner.inspect(self.container)
                if facts is None or facts.status not in ("running", "paused", "restarting"):
                    await anyio.sleep_forever()
                await self.aclose()
                return await self.open()
            except BerthError as error:
                if error.kind not in _PASSING:
                    raise
                logger.info("No new way yet: %s", error.kind)
            wait = min(2 * wait, LONGEST_WAIT)


async def _watch(opened: Input, delivery: Delivery) -> None:
    await opened.until_lost()
    delivery.lose()
