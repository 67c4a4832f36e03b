"""The scripted agent is what the other rooms' tests stand on: every word of it, through the real dialect."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from berth.agents.base import ContextBlock, Opening, Prompt, Ready, Refused, TurnOver
from berth.protocol.events import Noise, PartDelta, PlanUpdated, Raw, ThoughtDelta, UsageUpdated
from berth.protocol.session import OptionKind
from berth.protocol.tool_events import DiffContent, TextContent, ToolEnded
from tests.agents.peer import of
from tests.agents.talk import Talk, talk_with, talk_with_program
from tests.fakes.agent_programs.acp_agent import acp_agent

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def talking(workspace: Path, flags: Sequence[str] = ()) -> AsyncGenerator[Talk, None]:
    async def agent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await acp_agent(reader.readline, writer.write, workspace, flags)
        writer.close()

    async with talk_with(agent) as talk:
        yield talk


def said(talk: Talk) -> str:
    return "".join(delta.text for delta in of(talk.signals, PartDelta))


async def test_it_says_thinks_plans_and_counts(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        await talk.turn("say hello; think hm; plan; usage; and whatever")
        assert said(talk) == "helloYou said: and whatever"
        assert of(talk.signals, ThoughtDelta)[0].text == "hm"
        assert len(of(talk.signals, PlanUpdated)[0].entries) == 3
        assert of(talk.signals, UsageUpdated)[0].usage.cost == 0.25


async def test_it_writes_a_file_when_it_may(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        await talk.turn("write a.txt some text")
        assert (tmp_path / "a.txt").read_text() == "some text\n"
        (ended,) = of(talk.signals, ToolEnded)
        assert ended.content == (DiffContent(path=str(tmp_path / "a.txt"), new="some text\n"),)


async def test_it_leaves_the_file_alone_when_it_may_not(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        await talk.turn("write a.txt; ask permission", OptionKind.REJECT_ONCE)
        assert not (tmp_path / "a.txt").exists()
        assert [ended.status for ended in of(talk.signals, ToolEnded)] == ["failed", "failed"]


async def test_it_goes_on_until_it_is_cancelled(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        talk.does(talk.dialect.prompt(Prompt("wait for cancel; say never")))
        await talk.until(lambda: said(talk))
        talk.does(talk.dialect.cancel())
        await talk.until(lambda: of(talk.signals, TurnOver))
        assert (said(talk), of(talk.signals, TurnOver)[0].state) == ("Waiting.", "cancelled")


async def test_it_is_noisy_and_knows_more_than_we_do(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        await talk.turn("noise; vendor")
        assert [noise.why for noise in of(talk.signals, Noise)] == ["not UTF-8", "not a JSON object", "not JSON-RPC"]
        assert len(of(talk.signals, Raw)) == 2


async def test_its_output_can_be_huge(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        await talk.turn("huge 5000000; flood 1000; slow 3")
        (content,) = of(talk.signals, ToolEnded)[0].content
        assert isinstance(content, TextContent)
        assert len(content.text) == 5_000_000
        assert len(said(talk)) == 1000 * len("chunk number 000000 ") + len("slow 0 slow 1 slow 2 ")


@pytest.mark.parametrize(("word", "kind"), [("error Overloaded", "agent-refused"), ("login", "login-needed")])
async def test_it_can_fail_a_turn(tmp_path: Path, word: str, kind: str) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        (over,) = of(await talk.turn(word), TurnOver)
        assert over.error is not None
        assert over.error.kind == kind


async def test_it_can_end_in_mid_turn(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        (over,) = of(await talk.turn("crash 4"), TurnOver)
        assert over.error is not None
        assert over.error.kind == "agent-exited"


async def test_it_repeats_what_came_with_the_prompt(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        block = ContextBlock("x = 1", "a.py", "file:///a.py")
        talk.does(talk.dialect.prompt(Prompt("context", [block])))
        await talk.until(lambda: of(talk.signals, TurnOver))
        (resource,) = json.loads(said(talk))["resources"]
        assert (resource["uri"], resource["text"]) == ("file:///a.py", "x = 1")


async def test_it_resumes_its_own_conversations_only(tmp_path: Path) -> None:
    for resume, resumed in (("scripted-1", True), ("foreign", False)):
        async with talking(tmp_path) as talk:
            await talk.open(resume)
            assert of(talk.signals, Ready)[0].resumed is resumed
            assert said(talk) == ""


async def test_it_can_be_forgetful_and_want_a_login(tmp_path: Path) -> None:
    async with talking(tmp_path, ["--forgetful"]) as talk:
        await talk.open()
        assert of(talk.signals, Ready)[0].resumable is False
    async with talking(tmp_path, ["--login"]) as talk:
        talk.does(talk.dialect.open(Opening("/workspace")))
        await talk.until(lambda: of(talk.signals, Refused))
        assert "SCRIPTED_API_KEY" in of(talk.signals, Refused)[0].error.hint


async def test_it_changes_its_mode(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.open()
        talk.does(talk.dialect.set_option("mode", "code"))
        await talk.turn("say ok")
        assert b"session/set_mode" in talk.written


async def test_it_is_also_a_program(tmp_path: Path) -> None:
    async with talk_with_program(cwd=tmp_path) as talk:
        await talk.open()
        await talk.turn("write a.txt; cwd")
        assert (tmp_path / "a.txt").exists()
        assert said(talk) == str(tmp_path)
