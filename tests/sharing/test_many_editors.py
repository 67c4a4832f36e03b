"""Several editors on one host, through real relays."""

import json
import signal
from pathlib import Path

import anyio
import pytest

from tests.lsp.asking import events, info_is, started
from tests.lsp.editor import Editor, Message
from tests.lsp.fake_host import SETTINGS
from tests.sharing.town import Town

pytestmark = pytest.mark.anyio


async def test_two_editors_see_the_same_sessions_and_the_same_numbers(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        session = await started(one, prompt="say hello; say again")
        for editor in (one, two):
            await editor.until(lambda: ended(editor, session))  # noqa: B023 - awaited at once
        listed = await two.command("agent.list")
        assert [info["id"] for info in listed] == [session]
        told = [numbered(editor, session) for editor in (one, two)]
        assert list(told[0]) == list(range(1, len(told[0]) + 1))
        assert all(told[0][number] == event for number, event in told[1].items())
        assert len((await town.host())["connections"]) == 2


async def test_the_first_answer_wins_and_the_others_learn_it(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        session = await started(one)
        await one.command("agent.prompt", {"session": session, "text": "write a.txt"})
        for editor in (one, two):
            await editor.until(lambda: info_is(editor, session, "waiting"))  # noqa: B023 - awaited at once
        request = two.all("agent/session")[-1]["params"]["inputNeeded"][0]["request"]
        answers = [{"session": session, "request": request, "option": kind} for kind in ("reject_once", "allow_once")]
        await two.command("agent.respond", answers[0])
        error = await one.refused("agent.respond", answers[1])
        assert error["data"]["kind"] == "already-answered"
        await one.until(lambda: info_is(one, session, "idle"))
        assert not (tmp_path / "w" / "a.txt").exists()


async def test_an_editor_that_leaves_ends_no_session(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one:
        session = await started(one)
        assert await one.leave() == 0
    async with town.editor(workspace=tmp_path / "w") as two:
        await two.until(lambda: info_is(two, session, "idle"))
        await two.command("agent.prompt", {"session": session, "text": "say still here"})
        await two.until(lambda: ended(two, session))


async def test_any_editor_can_rebuild_what_another_has_started(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one:
        session = await started(one)
    async with town.editor(workspace=tmp_path / "w") as two:
        await two.command("agent.rebuild", {"session": session})
        await two.until(lambda: "created" in statuses(two, session) and info_is(two, session, "idle"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_relay_that_dies_or_stops_disturbs_no_other(town: Town, tmp_path: Path, number: signal.Signals) -> None:
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        session = await started(one)
        one.process.send_signal(number)
        await two.command("agent.prompt", {"session": session, "text": "flood 50"})
        await two.until(lambda: ended(two, session))
        assert (await two.command("agent.list"))[0]["state"] == "idle"


async def test_an_editor_that_does_not_read_holds_up_no_other_and_misses_nothing(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        session = await started(one)
        one.reading = anyio.Event()
        await two.command("agent.prompt", {"session": session, "text": "flood 20000"})
        await two.until(lambda: ended(two, session), seconds=60)
        one.reading.set()
        await one.until(lambda: ended(one, session), seconds=60)
        for editor in (one, two):
            numbers = [event["seq"] for event in events(editor, session)]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def test_settings_of_another_editor_make_no_session_outdated(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as two:
        async with town.editor(workspace=tmp_path / "w") as one:
            session = await started(one)
            await two.until(lambda: info_is(two, session, "idle"))
            await look_with_other_settings(two, tmp_path / "w")
            assert not (await two.command("agent.list"))[0]["outdated"]
            assert await one.leave() == 0
        await two.notify("workspace/didChangeConfiguration", OTHER)
        await two.until(lambda: outdated(two, session))


OTHER = {"settings": {"berth": SETTINGS | {"docker": {"defaultImage": "berth-test:other"}}}}


async def look_with_other_settings(editor: Editor, workspace: Path) -> None:
    """Returns when the editor's settings and every session were looked at: diagnostics are told after that."""
    file = anyio.Path(workspace / ".vscode" / "settings.json")
    await file.parent.mkdir(exist_ok=True)
    await file.write_text('{"berth.docker.nonsense": 1}')
    await editor.notify("workspace/didChangeConfiguration", OTHER)
    await editor.one(lambda message: message.get("method") == "textDocument/publishDiagnostics")


async def test_each_editor_plans_with_its_own_settings(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        await two.notify("workspace/didChangeConfiguration", OTHER)
        images = [json.dumps(await editor.command("agent.plan")) for editor in (one, two)]
        assert ["berth-test:other" in plan for plan in images] == [False, True]


async def test_a_prompt_takes_the_unsaved_text_of_the_editor_that_sends_it(town: Town, tmp_path: Path) -> None:
    uri = (tmp_path / "w" / "notes.txt").as_uri()
    async with town.editor(workspace=tmp_path / "w") as one, town.editor(workspace=tmp_path / "w") as two:
        session = await started(one)
        for editor, text in ((one, "words of one"), (two, "words of two")):
            document = {"uri": uri, "languageId": "plaintext", "version": 1, "text": text}
            await editor.notify("textDocument/didOpen", {"textDocument": document})
        for editor, text in ((two, "words of two"), (one, "words of one")):
            context = [{"uri": uri}]
            await editor.command("agent.prompt", {"session": session, "text": "context", "context": context})
            await one.until(lambda: text in said(one, session))  # noqa: B023 - awaited at once


def said(editor: Editor, session: str) -> str:
    return "".join(str(event.get("text", "")) for event in events(editor, session) if event["kind"] == "part.delta")


def statuses(editor: Editor, session: str) -> list[str]:
    """What was told of the session's containers."""
    return [event["status"] for event in events(editor, session) if event["kind"] == "container.state"]


def outdated(editor: Editor, session: str) -> bool:
    infos = [message["params"] for message in editor.all("agent/session")]
    return any(info["outdated"] for info in infos if info["id"] == session)


def ended(editor: Editor, session: str) -> bool:
    return any(event["kind"] == "turn.ended" for event in events(editor, session)[-5:])


def numbered(editor: Editor, session: str) -> dict[int, Message]:
    return {event["seq"]: event for event in events(editor, session)}
