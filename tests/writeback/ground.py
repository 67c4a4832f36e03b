"""A session on the real engine whose agent runs what a test says, in a workspace that has everything to attack."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from berth.protocol.commands import PromptArguments
from berth.protocol.events import TurnEnded
from berth.protocol.session import State
from berth.protocol.workspace_events import WritebackFound
from tests.engine.real_house import IMAGE, RealHouse, real_house

AGENT = r"""
while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id": *\([0-9]*\).*/\1/p')
  case $line in
    *'"initialize"'*) result='{"protocolVersion":1,"agentCapabilities":{}}' ;;
    *'"session/new"'*) result='{"sessionId":"s"}' ;;
    *'"session/prompt"'*) sh ./do.sh >out.txt 2>&1; result='{"stopReason":"end_turn"}' ;;
    *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
"""
"""Speaks just enough of the agent protocol, in the ``sh`` of any image. A prompt makes it run ``do.sh``."""

PROGRAMS = {"/usr/bin/git": "/opt/git/bin/git", "/usr/lib/git-core": "/opt/git/core"}
GIT = "export PATH=/opt/git/bin:$PATH GIT_EXEC_PATH=/opt/git/core\n"
"""The host's git in the container: the test image has none."""


@dataclass
class Ground:
    """A workspace and a running session in it."""

    house: RealHouse
    session: str

    @property
    def workspace(self) -> Path:
        return self.house.workspace

    async def turn(self, script: str) -> str:
        """Has the agent run a script; answers what it printed."""
        (self.workspace / "do.sh").write_text(script)
        before = len(self.house.editor.bodies(TurnEnded))
        asked = PromptArguments(session=self.session, text="go")
        await self.house.commands.prompt(self.house.editor, asked)
        await self.house.editor.until(lambda: len(self.house.editor.bodies(TurnEnded)) > before, seconds=60)
        out = self.workspace / "out.txt"
        return out.read_text() if out.exists() else ""

    def found(self) -> dict[str, str]:
        """What was listed to the person: path in the workspace → severity."""
        events = self.house.editor.bodies(WritebackFound)
        return {
            finding.path.removeprefix(f"{self.workspace}/"): finding.severity
            for event in events
            for finding in event.findings
        }

    async def stop(self, session: str | None = None) -> None:
        """Stops a session, this one if none is named, and waits until nothing is left to be done for it."""
        stopped = self.house.host.session(session or self.session)
        stopped.stop(0.2)
        with anyio.fail_after(60):
            await stopped._over.wait()


@asynccontextmanager
async def ground(folder: Path, owner: int, prepare: Any = None, **asked: Any) -> AsyncIterator[Ground]:
    """A session that is ready, in a workspace that ``prepare`` filled and ``owner`` owns; ``asked`` with its start."""
    settings = {
        "agent": "scripted",
        "agents": {"scripted": {"command": ["sh", "-c", AGENT], "dialect": "acp"}},
        "docker": {"defaultImage": IMAGE},
    }
    async with real_house(folder, settings) as house:
        if prepare is not None:
            prepare(house.workspace)
        give_to(house.workspace, owner)
        session = await house.start(**asked)
        await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=60)
        yield Ground(house, session)


def give_to(folder: Path, owner: int) -> None:
    """Changes the owner of everything in a folder; without root it stays ours."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{owner}:{owner}", str(folder)], check=True, timeout=60)


def git(folder: Path, *words: str) -> str:
    """The host's git, in a repository that no agent has seen yet."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    said = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", "-c", "safe.directory=*"]
    done = subprocess.run(
        ["git", *said, *words], cwd=folder, env=environment, check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout


def repository(folder: Path) -> None:
    """A repository with one commit and one hook of its person's."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    (folder / "a.txt").write_text("a\n")
    git(folder, "add", "a.txt")
    git(folder, "commit", "-qm", "first")
    (folder / ".git" / "hooks" / "pre-commit").write_text("#!/bin/sh\n")


def has_git() -> bool:
    return shutil.which("git") is not None and all(Path(path).exists() for path in PROGRAMS)
