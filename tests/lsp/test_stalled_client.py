"""A client that stops reading: the loop goes on, memory stays bounded, nothing is lost."""

import re
from pathlib import Path

import anyio
import pytest

from tests.lsp.editor import Editor, open_editor
from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.anyio

SESSIONS = 4
STALL_SECONDS = 5.0
BLOCKED = STALL_SECONDS / 5
"""Seconds without a turn of the loop that no busy machine explains: it waits for the client. See also the benchmark."""


async def test_a_client_that_stops_reading_for_5_seconds_blocks_nothing_and_misses_nothing(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    workspace.mkdir()
    async with open_editor("--watch-loop", state=tmp_path / "state") as editor:
        folders = [{"uri": workspace.as_uri(), "name": "w"}]
        options = {"berth": {"notifications": True, **SETTINGS}}
        await editor.initialize(workspaceFolders=folders, initializationOptions=options)
        sessions = [(await editor.command("agent.start", {"prompt": "stream 2500"}))["id"] for _ in range(SESSIONS)]
        await editor.until(lambda: all(count(editor, session) > 50 for session in sessions))
        editor.reading = anyio.Event()
        editor.errors = b""
        await anyio.sleep(STALL_SECONDS)
        editor.reading.set()
        for session in sessions:
            await editor.until(lambda: ended(editor, session), seconds=60)  # noqa: B023 - awaited at once
            numbers = [event["seq"] for event in events(editor, session)]
            assert numbers == list(range(1, len(numbers) + 1))
        assert await editor.leave() == 0
        stalls = [float(found) for found in re.findall(rb"the loop stood still for ([0-9.]+) s", editor.errors)]
        assert len(stalls) > STALL_SECONDS, "the watch did not report"
        assert max(stalls) < BLOCKED


def events(editor: Editor, session: str) -> list[dict[str, object]]:
    told = [message["params"] for message in editor.all("agent/events")]
    return [event for params in told if params["session"] == session for event in params["events"]]


def count(editor: Editor, session: str) -> int:
    return len(events(editor, session))


def ended(editor: Editor, session: str) -> bool:
    return any(event["kind"] == "turn.ended" for event in events(editor, session)[-5:])
