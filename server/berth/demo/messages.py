"""The Anthropic Messages API as a server: reads what is asked, writes a reply as events or as one object."""

import asyncio
import itertools
import json
import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any

from berth.demo.http import Request, Response, whole
from berth.demo.replies import Asked, Block, Call, Failure, Reply, Result, Script, Text, Thought, pieces

_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)
_FOLDER = re.compile(r"working directory: *(.+)$", re.IGNORECASE | re.MULTILINE)
_numbers = itertools.count(1)

JSON = "application/json"
EVENTS = "text/event-stream"


async def answer(request: Request, script: Script) -> Response:
    """Answers one HTTP request of a client of the Messages API.

    Anything but the two endpoints that take messages gets an empty object, which satisfies the checks that
    agent programs make beside their work.
    """
    if not request.path.startswith("/v1/messages"):
        return whole(200, JSON, b"{}")
    body = json.loads(request.body or b"{}")
    if request.path.endswith("/count_tokens"):
        return whole(200, JSON, json.dumps({"input_tokens": len(request.body) // 4}).encode())
    reply = script(asked(body))
    if isinstance(reply, Failure):
        error = {"type": "error", "error": {"type": reply.type, "message": reply.message}}
        return whole(reply.status, JSON, json.dumps(error).encode())
    if body.get("stream"):
        return Response(200, EVENTS, _stream(reply, model=str(body.get("model"))))
    return whole(200, JSON, json.dumps(_message(reply, model=str(body.get("model")))).encode())


def asked(body: dict[str, Any]) -> Asked:
    """Reads the body of a request."""
    results: list[Result] = []
    prompt = ""
    for message in reversed(body.get("messages", [])):
        if message["role"] == "user":
            blocks = _blocks(message["content"])
            results[:0] = [_result(block) for block in blocks if block.get("type") == "tool_result"]
            prompt = _REMINDER.sub("", _text(blocks)).strip()
            if prompt:
                break
    tools = frozenset(tool.get("name", "") for tool in body.get("tools") or ())
    return Asked(prompt, tuple(results), tools, _folder(body))


def _folder(body: dict[str, Any]) -> str:
    """The folder the agent works in: it stands in the system prompt, or in a message before the person's."""
    said = [body.get("system") or "", *(message["content"] for message in body.get("messages", []))]
    found = next((match for text in said if (match := _FOLDER.search(_text(_blocks(text))))), None)
    return found[1].strip().strip("`") if found else ""


def _blocks(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _result(block: dict[str, Any]) -> Result:
    return Result(_text(_blocks(block.get("content") or "")), not block.get("is_error"))


def _text(blocks: Iterable[dict[str, Any]]) -> str:
    return "\n".join(block["text"] for block in blocks if block.get("type") == "text")


async def _stream(reply: Reply, *, model: str) -> AsyncGenerator[bytes, None]:
    for event in _events(reply, model):
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        if reply.pause and event["type"] == "content_block_delta":
            await asyncio.sleep(reply.pause)


def _events(reply: Reply, model: str) -> Iterator[dict[str, Any]]:
    message = _message(reply, model=model)
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    for index, (block, content) in enumerate(zip(reply.blocks, message["content"], strict=True)):
        yield {"type": "content_block_start", "index": index, "content_block": {**content, **_EMPTY[content["type"]]}}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ending, "usage": {"output_tokens": message["usage"]["output_tokens"]}}
    yield {"type": "message_stop"}


_EMPTY: dict[str, dict[str, object]] = {
    "text": {"text": ""},
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}
"""What a block starts as, before its deltas."""


def _deltas(block: Block) -> Iterator[dict[str, Any]]:
    match block:
        case Text(text):
            yield from ({"type": "text_delta", "text": piece} for piece in pieces(text))
        case Thought(text):
            yield from ({"type": "thinking_delta", "thinking": piece} for piece in pieces(text))
            yield {"type": "signature_delta", "signature": "scripted"}
        case Call(_, given):
            yield from (
                {"type": "input_json_delta", "partial_json": piece} for piece in pieces(json.dumps(given), 4096)
            )


def _message(reply: Reply, *, model: str) -> dict[str, Any]:
    calls = any(isinstance(block, Call) for block in reply.blocks)
    return {
        "id": f"msg_{next(_numbers)}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_content(block) for block in reply.blocks],
        "stop_reason": "tool_use" if calls else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 100, "output_tokens": 10 * len(reply.blocks)},
    }


def _content(block: Block) -> dict[str, Any]:
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case Thought(text):
            return {"type": "thinking", "thinking": text, "signature": "scripted"}
        case Call(tool, given):
            return {"type": "tool_use", "id": f"toolu_{next(_numbers)}", "name": tool, "input": dict(given)}
