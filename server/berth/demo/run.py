"""``berth demo``: one whole session, from start to removal, with the real server driven as an editor would."""

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from berth.demo.asking import somebody_is_there
from berth.demo.client import RequestRefused, ServerLeft, server
from berth.demo.model import environment, scripted_model
from berth.demo.screen import INDENT, Screen
from berth.demo.show import Show
from berth.demo.stage import Stage, StageFailed
from berth.demo.story import free_name, prompt
from berth.host.places import StateFolder

KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
"""With one of these in the environment the real model is used."""

SCRIPTED = ("claude", "claude-cli")
"""Agents that the scripted model can talk to."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What ``berth demo`` was asked for.

    Attributes:
        workspace: Folder to work in; a folder of the demo's own when it is None.
        agent: Name of the agent.
        keep: Leave the session's container and what was written.
    """

    workspace: str | None = None
    agent: str = "claude"
    keep: bool = False


async def demo(options: DemoOptions) -> int:
    """Shows a whole session in the terminal; answers the exit status. Interrupted, it clears up first."""
    screen = Screen(sys.stdout)
    playing = asyncio.create_task(_told(options, screen))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    try:
        return await playing
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # Ctrl-C: whoever runs us knows what to do
            raise
        return 128 + signal.SIGTERM


async def _told(options: DemoOptions, screen: Screen) -> int:
    """Plays, and tells in words what went wrong."""
    with tempfile.TemporaryFile() as log:
        try:
            await _play(options, screen, log)
        except StageFailed as failure:
            return _failed(screen, failure.message, failure.hint)
        except RequestRefused as refused:
            return _failed(screen, str(refused.data.get("message", refused)), str(refused.data.get("hint", "")))
        except TimeoutError:
            return _failed(screen, "It took too long.")
        except ServerLeft:
            return _failed(screen, "The server left. Its last words:", _end_of(log))
    return 0


def _failed(screen: Screen, message: str, more: str = "") -> int:
    screen.step("✗", message)
    if more:
        screen.text(more)
        screen.line()
    return 1


async def _play(options: DemoOptions, screen: Screen, log: IO[bytes]) -> None:
    folder = _folder(options)
    name = free_name(folder)
    show = Show(screen)
    async with AsyncExitStack() as stack:
        variables = await _model(options, screen, stack)
        screen.line(f"{INDENT}workspace  {folder}")
        screen.line()
        argv = (sys.executable, "-m", "berth", "--log-level", "warning", "serve", "--no-share")
        client = await stack.enter_async_context(server(argv, folder=folder, stderr=log))
        screen.step("✓", "language server initialized", show.phase("server"))
        stage = Stage(client, screen, show)
        wish: dict[str, object] = {"agent": options.agent, "env": variables, "name": "Demo", "prompt": prompt(name)}
        try:
            await stage.play(wish)
            await stage.stop()
        finally:
            await _clear(stage, options, folder / name)
    _table(screen, show)


async def _model(options: DemoOptions, screen: Screen, stack: AsyncExitStack) -> dict[str, str]:
    """Says which model is used, starts the scripted one where there is no key, and answers the agent's variables."""
    screen.line(screen.paint(f"Berth demo: {options.agent} in a container, driven over LSP", "bold"))
    key = next((name for name in KEYS if os.environ.get(name)), None)
    if options.agent not in SCRIPTED or key:
        screen.line(f"{INDENT}model      the real one" + (f", with {key} from your environment" if key else ""))
        return {}
    port = await stack.enter_async_context(scripted_model())
    screen.line(f"{INDENT}model      scripted, since {KEYS[0]} is not set: the agent is real, its words are canned")
    return environment(port)


def _folder(options: DemoOptions) -> Path:
    if options.workspace:
        return Path(options.workspace).expanduser().resolve()
    folder = StateFolder.of_user().root / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


async def _clear(stage: Stage, options: DemoOptions, written: Path) -> None:
    """Leaves nothing behind, unless that was asked for."""
    if options.keep:
        stage.tell_kept()
        return
    await stage.remove()
    if options.workspace is None:
        _forget(written)


def _forget(written: Path) -> None:
    written.unlink(missing_ok=True)


def _table(screen: Screen, show: Show) -> None:
    screen.line()
    screen.line(f"{INDENT}where the time went")
    rows = [*show.took.items(), ("all", sum(show.took.values()))]
    for phase, seconds in rows:
        screen.line(f"{INDENT}{phase:<14}{seconds:>8.2f} s")
    if somebody_is_there() and "turn" in show.took:
        screen.line(screen.paint(f"{INDENT}the turn includes the time you took to answer", "dim"))


def _end_of(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read()[-2000:].decode(errors="replace")
