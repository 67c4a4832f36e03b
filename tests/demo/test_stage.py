import io
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from berth.demo.client import RequestRefused, ServerLeft, server
from berth.demo.screen import Screen
from berth.demo.show import Show
from berth.demo.stage import Stage, StageFailed
from tests.demo import fake_server_path

OPTIONS = [
    {"id": "a", "name": "Allow", "kind": "allow_once"},
    {"id": "r", "name": "Reject", "kind": "reject_once"},
]
STORY = [
    {"seq": 1, "kind": "session.state", "from": "planned", "to": "starting"},
    {"seq": 2, "kind": "container.state", "status": "started", "container": "abc"},
    {"seq": 3, "kind": "session.state", "from": "starting", "to": "idle"},
    {"seq": 4, "kind": "turn.started", "prompt": "Please write"},
    {"seq": 5, "kind": "part.delta", "part": "p", "text": "Gladly."},
    {"seq": 6, "kind": "input.requested", "input": {"request": "q", "title": "May I?", "options": OPTIONS}},
    {"seq": 7, "kind": "files.changed", "paths": ["/w/hello.md"]},
    {"seq": 8, "kind": "turn.ended", "state": "complete", "duration": 5},
]
ERROR = {"kind": "engine-unreachable", "message": "No engine answers.", "hint": "Start Docker."}


class Played:
    """A stage on a fake server. ``screen`` is what a person saw; ``carried_out`` the commands that arrived."""

    def __init__(self, stage: Stage, stream: io.StringIO, log: Path) -> None:
        self.stage = stage
        self._stream = stream
        self._log = log

    @property
    def screen(self) -> str:
        return self._stream.getvalue()

    @property
    def carried_out(self) -> list[str]:
        return self._log.read_text().split()


@asynccontextmanager
async def playing(folder: Path, **script: object) -> AsyncIterator[Played]:
    stream = io.StringIO()
    screen = Screen(stream)
    log = folder / "commands"
    with log.open("wb") as stderr:
        argv = [sys.executable, str(fake_server_path()), json.dumps(script)]
        async with server(argv, folder=folder, stderr=stderr) as client:
            yield Played(Stage(client, screen, Show(screen)), stream, log)


@pytest.mark.anyio
async def test_a_whole_session_is_played_stopped_and_removed(tmp_path: Path) -> None:
    async with playing(tmp_path, events=STORY) as played:
        await played.stage.play({})
        await played.stage.stop()
        await played.stage.remove()
    assert played.carried_out == ["agent.start", "agent.respond", "agent.stop", "agent.remove"]
    for words in ("agent ready", "Please write", "Gladly.", "May I?", "hello.md", "turn complete", "session removed"):
        assert words in played.screen


@pytest.mark.anyio
async def test_a_failed_session_is_told_in_its_own_words(tmp_path: Path) -> None:
    failed = {"seq": 1, "kind": "session.state", "from": "planned", "to": "failed", "error": ERROR}
    async with playing(tmp_path, events=[failed]) as played:
        with pytest.raises(StageFailed) as caught:
            await played.stage.play({})
    assert (caught.value.message, caught.value.hint) == (ERROR["message"], ERROR["hint"])


@pytest.mark.anyio
async def test_a_failed_turn_fails_the_demo(tmp_path: Path) -> None:
    ended = {"seq": 1, "kind": "turn.ended", "state": "error", "error": ERROR}
    async with playing(tmp_path, events=[ended]) as played:
        with pytest.raises(StageFailed, match="No engine answers"):
            await played.stage.play({})


@pytest.mark.anyio
async def test_a_refused_start_carries_the_hint(tmp_path: Path) -> None:
    refused = {"code": -32803, "message": "No engine answers.", "data": ERROR}
    async with playing(tmp_path, refuse={"agent.start": refused}) as played:
        with pytest.raises(RequestRefused) as caught:
            await played.stage.play({})
    assert caught.value.data["hint"] == "Start Docker."


@pytest.mark.anyio
async def test_a_question_that_somebody_else_answered_does_not_fail_the_demo(tmp_path: Path) -> None:
    refused = {"code": -32803, "message": "It was answered already."}
    async with playing(tmp_path, events=STORY, refuse={"agent.respond": refused}) as played:
        await played.stage.play({})
    assert "turn complete" in played.screen


@pytest.mark.anyio
async def test_a_server_that_leaves_before_it_answers_is_noticed_at_once(tmp_path: Path) -> None:
    async with playing(tmp_path, leave="agent.start") as played:
        with pytest.raises(ServerLeft):
            await played.stage.play({})


@pytest.mark.anyio
async def test_a_server_that_leaves_between_two_commands_is_noticed_at_once(tmp_path: Path) -> None:
    async with playing(tmp_path, events=STORY, leave="agent.stop") as played:
        await played.stage.play({})
        with pytest.raises(ServerLeft):
            await played.stage.stop()
        await played.stage.remove()


@pytest.mark.anyio
async def test_a_server_that_never_speaks_is_noticed(tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as log, pytest.raises(ServerLeft):
        async with server([sys.executable, "-c", "pass"], folder=tmp_path, stderr=log):
            pass
