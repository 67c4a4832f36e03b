"""The ACP SDK as an oracle: its models read what we write, and its agent side talks with our dialect."""

import asyncio
import json
from typing import Any

import acp
import pytest
from acp import schema
from pydantic import BaseModel, TypeAdapter

from berth.agents.base import TurnOver
from berth.protocol.events import InputRequested, PartDelta
from berth.protocol.session import OptionKind
from berth.protocol.tool_events import DiffContent, ToolEnded
from tests.agents.peer import of
from tests.agents.replay import DIALECTS, replay
from tests.agents.talk import talk_with

REQUESTS: dict[str, Any] = {
    "initialize": schema.InitializeRequest,
    "authenticate": schema.AuthenticateRequest,
    "session/new": schema.NewSessionRequest,
    "session/prompt": schema.PromptRequest,
    "session/cancel": schema.CancelNotification,
    "session/set_mode": schema.SetSessionModeRequest,
    "session/set_config_option": (
        schema.SetSessionConfigOptionBooleanRequest | schema.SetSessionConfigOptionSelectRequest
    ),
}


@pytest.mark.parametrize("name", [name for name, dialect in DIALECTS.items() if dialect == "acp"])
def test_the_sdks_models_read_all_that_we_write(name: str) -> None:
    for frame in replay(name).written:
        if "method" in frame:
            TypeAdapter(REQUESTS[frame["method"]]).validate_python(frame["params"])
        elif "result" in frame:
            schema.RequestPermissionResponse.model_validate(frame["result"])
        else:
            schema.Error.model_validate(frame["error"])


@pytest.mark.parametrize("name", [name for name, dialect in DIALECTS.items() if dialect == "acp"])
def test_the_sdks_models_know_every_field_that_we_write(name: str) -> None:
    for frame in replay(name).written:
        model = REQUESTS.get(frame.get("method", ""))
        if isinstance(model, type) and frame["method"] != "initialize":
            assert unknown_fields(model, frame["params"]) == set()


def unknown_fields(model: type[BaseModel], params: dict[str, Any]) -> set[str]:
    return set(params) - {field.alias or name for name, field in model.model_fields.items()}


class SdkAgent:
    """An agent built with the SDK: says, asks, edits."""

    def __init__(self) -> None:
        self.client: Any = None

    def on_connect(self, conn: Any) -> None:
        self.client = conn

    async def initialize(self, protocol_version: int, **_: Any) -> schema.InitializeResponse:
        assert protocol_version == 1
        return schema.InitializeResponse(protocol_version=1)

    async def new_session(self, cwd: str, **_: Any) -> schema.NewSessionResponse:
        assert cwd == "/workspace"
        return schema.NewSessionResponse(session_id="sdk-1")

    async def cancel(self, session_id: str, **_: Any) -> None:
        assert session_id == "sdk-1"

    async def prompt(self, session_id: str, prompt: list[Any], **_: Any) -> schema.PromptResponse:
        await self.client.session_update(session_id, acp.update_agent_message_text(f"heard {prompt[0].text}"))
        diff = acp.tool_diff_content("/workspace/a", "new", "old")
        await self.client.session_update(session_id, acp.start_tool_call("t1", "Edit a", kind="edit", content=[diff]))
        options = [
            schema.PermissionOption(option_id="y", name="Yes", kind="allow_once"),
            schema.PermissionOption(option_id="n", name="No", kind="reject_once"),
        ]
        call = schema.ToolCallUpdate(tool_call_id="t1")
        answer = await self.client.request_permission(session_id=session_id, tool_call=call, options=options)
        status: Any = "completed" if getattr(answer.outcome, "option_id", "n") == "y" else "failed"
        await self.client.session_update(session_id, acp.update_tool_call("t1", status=status))
        return schema.PromptResponse(stop_reason="end_turn")


async def sdk_side(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    agent: Any = SdkAgent()
    await acp.run_agent(agent, writer, reader)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "status"), [(OptionKind.ALLOW_ONCE, "completed"), (OptionKind.REJECT_ONCE, "failed")]
)
async def test_an_agent_made_with_the_sdk_understands_us(answer: OptionKind, status: str) -> None:
    async with talk_with(sdk_side) as talk:
        await talk.open()
        signals = await talk.turn("hello", answer)
    assert of(signals, PartDelta)[0].text == "heard hello"
    assert of(signals, InputRequested)[0].input.title == "Edit a"
    (ended,) = of(signals, ToolEnded)
    assert (ended.status, ended.content) == (status, (DiffContent(path="/workspace/a", old="old", new="new"),))
    assert of(signals, TurnOver) == [TurnOver("complete", "end_turn")]
    assert all(json.loads(line) for line in talk.written.splitlines())
