"""Commands over the wire: arguments, results, errors, events."""

from pathlib import Path

import pytest

from tests.lsp.asking import info_is, started
from tests.lsp.editor import Editor

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("arguments", [None, [], [None], [{}]])
async def test_a_command_takes_no_argument_or_one_object(editor: Editor, arguments: object) -> None:
    params = {"command": "agent.list"} | ({} if arguments is None else {"arguments": arguments})
    assert (await editor.request("workspace/executeCommand", params))["result"] == []


@pytest.mark.parametrize("arguments", [[{}, {}], ["x"], [[]], [5]])
async def test_any_other_number_or_sort_of_arguments_is_refused(editor: Editor, arguments: object) -> None:
    reply = await editor.request("workspace/executeCommand", {"command": "agent.list", "arguments": arguments})
    assert reply["error"]["code"] == -32602
    assert reply["error"]["data"]["kind"] == "invalid-arguments"


async def test_a_wrong_field_is_named_by_its_path_and_its_value_is_not_repeated(editor: Editor) -> None:
    argument = {"env": {"A-B": "secret"}, "context": [{"uri": ""}], "nonsense": 1, "forwardEnv": "secret"}
    error = await editor.refused("agent.start", argument)
    assert error["code"] == -32602
    for path in ("env.A-B", "nonsense", "forwardEnv", "context[0]"):
        assert path in error["message"]
    assert "secret" not in str(error)


async def test_an_unknown_command_is_refused(editor: Editor) -> None:
    error = await editor.refused("agent.fly")
    assert (error["code"], error["data"]["kind"]) == (-32602, "unknown-command")


async def test_a_failure_has_kind_message_and_hint(editor: Editor) -> None:
    error = await editor.refused("agent.stop", {"session": "nobody"})
    assert error["code"] == -32803
    assert error["data"]["kind"] == "unknown-session"
    assert "nobody" in error["data"]["message"]
    assert error["data"]["hint"]


async def test_events_are_numbered_without_gaps_from_the_first_on(editor: Editor) -> None:
    session = await started(editor)
    turn = await editor.command("agent.prompt", {"session": session, "text": "flood 3000"})
    assert turn["turn"]
    await editor.until(lambda: "turn.ended" in str(editor.all("agent/events")[-1]))
    told = [message["params"] for message in editor.all("agent/events")]
    assert all(params["session"] == session for params in told)
    numbers = [event["seq"] for params in told for event in params["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [params["first"] for params in told] == [params["events"][0]["seq"] for params in told]
    assert len(numbers) > 1000
    assert len(told) < len(numbers) / 5


async def test_a_cancel_request_breaks_no_command_off(editor: Editor) -> None:
    identity = await editor.ask("workspace/executeCommand", {"command": "agent.start", "arguments": [{}]})
    await editor.notify("$/cancelRequest", {"id": identity})
    info = (await editor.reply(identity))["result"]
    await editor.until(lambda: info_is(editor, info["id"], "idle"))


async def test_an_unsaved_selection_goes_with_the_prompt_in_the_negotiated_encoding(
    editor: Editor, tmp_path: Path
) -> None:
    uri = (tmp_path / "w" / "a.txt").as_uri()
    document = {"uri": uri, "languageId": "text", "version": 1, "text": "first\n𝄞é unsaved\n"}
    await editor.notify("textDocument/didOpen", {"textDocument": document})
    session = await started(editor)
    item = {"uri": uri, "range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 11}}}
    await editor.command("agent.prompt", {"session": session, "text": "context", "context": [item]})
    await editor.until(lambda: info_is(editor, session, "idle") and "turn.ended" in str(editor.all("agent/events")))
    told = "".join(
        event["text"]
        for message in editor.all("agent/events")
        for event in message["params"]["events"]
        if event["kind"] == "part.delta"
    )
    assert "unsaved" in told
    assert "first" not in told


async def test_stats_come_as_long_as_they_are_asked_for(editor: Editor) -> None:
    session = await started(editor)
    await editor.command("agent.watchStats", {"session": session})
    await editor.until(lambda: len(editor.all("agent/stats")) > 2)
    stats = editor.all("agent/stats")[-1]["params"]
    assert (stats["session"], stats["memory"], stats["cpu"]) == (session, 1024, 1.0)
    await editor.command("agent.watchStats", {"session": session, "on": False})
    told = len(editor.all("agent/stats"))
    await editor.command("agent.prompt", {"session": session, "text": "slow 10"})
    await editor.until(lambda: "turn.ended" in str(editor.all("agent/events")[-1]))
    assert len(editor.all("agent/stats")) == told


async def test_a_dry_run_of_pruning_is_answered(editor: Editor) -> None:
    session = await started(editor)
    result = await editor.command("agent.prune", {"olderThan": "0s"})
    assert result == {"dryRun": True, "removed": [], "kept": [], "size": 0}
    assert session in [item.get("session") for item in (await editor.command("agent.disk"))["items"]]
