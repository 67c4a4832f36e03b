import pytest

from tests.agents_real.agents import ASKING, ENVIRONMENTS
from tests.agents_real.desk import Desk, last, text_of
from tests.model.scenarios import BULK, SMALL
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.agents, pytest.mark.timeout(600)]


@pytest.mark.parametrize("agent", ENVIRONMENTS)
async def test_what_the_model_says_is_what_the_editor_hears(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    events = await desk.turn("say PONG and nothing else")
    assert text_of(events).endswith("PONG and nothing else")
    assert last(events, "turn.ended")["state"] == "complete"


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
async def test_a_thought_is_told_apart_from_an_answer(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, model.claude())
    events = await desk.turn("think so it is")
    assert text_of(events, "thought.delta") == "Let me think."
    assert text_of(events) == "so it is"


@pytest.mark.parametrize("agent", ASKING)
async def test_a_file_is_written_once_that_was_allowed(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    await desk.prompt("write note.txt")
    question = await desk.answer("allow_once")
    await desk.until_kind("turn.ended")
    written = desk.workspace / "note.txt"
    assert {option["kind"] for option in question["options"]} >= {"allow_once", "reject_once"}
    assert written.read_text() == SMALL
    assert written.stat().st_uid == desk.workspace.stat().st_uid
    assert last(desk.events, "tool.ended")["status"] == "completed"
    assert last(desk.events, "files.changed")["paths"] == [str(written)]
    assert text_of(desk.events).endswith("wrote note.txt")


@pytest.mark.parametrize("agent", ASKING)
async def test_a_file_is_not_written_when_that_was_rejected(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    await desk.prompt("write note.txt")
    await desk.answer("reject_once")
    await desk.until_kind("turn.ended")
    assert not (desk.workspace / "note.txt").exists()
    assert last(desk.events, "tool.ended")["status"] != "completed"


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
async def test_five_megabytes_in_one_tool_call_arrive(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, model.claude())
    await desk.prompt("bulk big.txt")
    await desk.answer("allow_once")
    await desk.until_kind("turn.ended")
    assert (desk.workspace / "big.txt").stat().st_size == len(BULK)
    assert text_of(await desk.turn("say STILL HERE")).endswith("STILL HERE")


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
async def test_a_command_that_prints_five_megabytes_ends_its_turn(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, model.claude())
    await desk.prompt("run head -c 5000000 /dev/zero | tr '\\0' x | tee large.txt")
    await desk.answer("allow_once")
    await desk.until_kind("turn.ended")
    assert (desk.workspace / "large.txt").stat().st_size == 5_000_000
    assert last(desk.events, "tool.ended")["status"] == "completed"


@pytest.mark.parametrize("agent", ["claude", "claude-cli", "opencode"])
async def test_a_turn_is_cancelled_in_its_middle_and_the_next_one_works(
    agent: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    await desk.prompt("slow and steady")
    await desk.until_kind("part.delta")
    await desk.command("agent.cancel")
    ended = await desk.until_kind("turn.ended")
    assert ended["state"] == "cancelled"
    assert text_of(await desk.turn("say NEXT")).endswith("NEXT")


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
async def test_a_permission_that_is_open_when_the_turn_is_cancelled_is_closed(
    agent: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, model.claude())
    await desk.prompt("write note.txt")
    await desk.until_kind("input.requested")
    await desk.command("agent.cancel")
    ended = await desk.until_kind("turn.ended")
    assert ended["state"] == "cancelled"
    assert (await desk.info())["inputNeeded"] == []
    assert not (desk.workspace / "note.txt").exists()


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
@pytest.mark.parametrize("status", ["500", "529", "429", "400"])
async def test_an_error_of_the_model_ends_the_turn_and_not_the_session(
    agent: str, status: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, model.claude())
    ended = last(await desk.turn(f"fail {status}"), "turn.ended")
    assert ended["state"] == "error"
    assert ended["error"]["message"]
    assert text_of(await desk.turn("say RECOVERED")).endswith("RECOVERED")


@pytest.mark.parametrize("agent", ["claude", "claude-cli"])
async def test_a_key_that_the_model_refuses_is_called_a_matter_of_login(
    agent: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, model.claude())
    ended = last(await desk.turn("fail 401"), "turn.ended")
    assert ended["state"] == "error"
    assert ended["error"]["kind"] == "login-needed"
