"""The OpenAI-compatible chat completions API, as OpenCode speaks it."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from berth.demo.http import Request, Response, whole
from berth.demo.messages import EVENTS, JSON
from berth.demo.replies import Asked, Block, Call, Failure, Reply, Result, Script, Text, Thought, pieces
from tests.model.folders import working_folder

_numbers = itertools.count(1)


def answer(request: Request, script: Script) -> Response:
    """Answers one request."""
    body = json.loads(request.body)
    reply = script(asked(body))
    if isinstance(reply, Failure):
        error = {"error": {"type": reply.type, "message": reply.message, "code": reply.type}}
        return whole(reply.status, JSON, json.dumps(error).encode())
    return Response(200, EVENTS, _stream(reply))


def asked(body: dict[str, Any]) -> Asked:
    """Reads the body of a request: the results after the last user message, and that message."""
    results: list[Result] = []
    prompt = ""
    for message in reversed(body["messages"]):
        if message["role"] == "tool":
            results.insert(0, Result(_text(message.get("content"))))
        elif message["role"] == "user":
            prompt = _text(message.get("content")).strip()
            break
    tools = frozenset(tool["function"]["name"] for tool in body.get("tools") or ())
    return Asked(prompt, tuple(results), tools, working_folder(body))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content or () if part.get("type") == "text")


async def _stream(reply: Reply) -> AsyncGenerator[bytes, None]:
    number = next(_numbers)
    for delta in _deltas(reply):
        yield _chunk(number, delta, None)
        await asyncio.sleep(reply.pause)
    calls = any(isinstance(block, Call) for block in reply.blocks)
    yield _chunk(number, {}, "tool_calls" if calls else "stop")
    yield b"data: [DONE]\n\n"


def _chunk(number: int, delta: dict[str, Any], finish: str | None) -> bytes:
    chunk = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _deltas(reply: Reply) -> Iterator[dict[str, Any]]:
    for index, block in enumerate(reply.blocks):
        yield from _of(block, index)


def _of(block: Block, index: int) -> Iterator[dict[str, Any]]:
    match block:
        case Text(text):
            yield from ({"role": "assistant", "content": piece} for piece in pieces(text))
        case Thought(text):
            yield from ({"role": "assistant", "reasoning_content": piece} for piece in pieces(text))
        case Call(tool, given):
            function = {"name": tool, "arguments": json.dumps(given)}
            call = {"index": index, "id": f"call_{next(_numbers)}", "type": "function", "function": function}
            yield {"role": "assistant", "tool_calls": [call]}
