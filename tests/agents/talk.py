"""A dialect talking with a live agent: a coroutine over a socket pair, or a program."""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import Answer, Opening, Prompt, Reaction, Ready, Signal, TurnOver
from berth.protocol.events import InputRequested
from berth.protocol.session import OptionKind
from tests.agents.peer import of

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
AgentSide = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]


class Talk:
    """Keeps a dialect and its agent going while a test waits for something."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dialect = AcpDialect()
        self.signals: list[Signal] = []
        self.written = b""
        self._reader = reader
        self._writer = writer

    def does(self, reaction: Reaction) -> None:
        self.signals += reaction.signals
        self.written += reaction.output
        self._writer.write(reaction.output)

    async def until(self, met: Callable[[], object]) -> None:
        """Lets the agent talk until something is so, or it ends."""
        with anyio.fail_after(PATIENCE):
            while not met():
                data = await self._reader.read(65536)
                self.does(self.dialect.receive(data) if data else self.dialect.end())
                if not data:
                    break

    async def open(self, resume: str | None = None, workspace: str = "/workspace") -> None:
        self.does(self.dialect.open(Opening(workspace, resume)))
        await self.until(lambda: of(self.signals, Ready))

    async def turn(self, text: str, answer: OptionKind = OptionKind.ALLOW_ONCE) -> list[Signal]:
        """A whole turn, in which every question gets the same kind of answer."""
        start = len(self.signals)
        answered = 0
        self.does(self.dialect.prompt(Prompt(text)))
        while not of(self.signals[start:], TurnOver):
            await self.until(partial(self._news, start, answered))
            for asked in of(self.signals[start:], InputRequested)[answered:]:
                option = next(option for option in asked.input.options if option.kind is answer)
                self.does(self.dialect.respond(asked.input.request, Answer(option)))
                answered += 1
        return self.signals[start:]

    def _news(self, start: int, answered: int) -> bool:
        signals = self.signals[start:]
        return bool(of(signals, TurnOver)) or len(of(signals, InputRequested)) > answered


@asynccontextmanager
async def talk_with(agent: AgentSide) -> AsyncGenerator[Talk, None]:
    """A coroutine on the other side, over a socket pair."""
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 26)
    agent_reader, agent_writer = await asyncio.open_connection(sock=theirs, limit=1 << 26)
    task = asyncio.ensure_future(agent(agent_reader, agent_writer))
    try:
        yield Talk(reader, writer)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for stream in (writer, agent_writer):
            stream.close()
            await asyncio.gather(stream.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def talk_with_program(*flags: str, cwd: Path) -> AsyncGenerator[Talk, None]:
    """The scripted agent as a program of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.agent_programs.acp_agent", *flags),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Talk(process.stdout, process.stdin)
    finally:
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()
