"""The OpenAI Responses API, as Codex speaks it."""

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

USAGE = {
    "input_tokens": 100,
    "output_tokens": 10,
    "total_tokens": 110,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 0},
}


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
    for item in reversed(body["input"]):
        if item.get("type", "").endswith("call_output"):
            results.insert(0, Result(_text(item.get("output"))))
        elif item.get("role") == "user":
            prompt = _text(item.get("content")).strip()
            break
    tools = frozenset(tool.get("name", "") for tool in body.get("tools") or ())
    return Asked(prompt, tuple(results), tools, working_folder(body))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content or () if "text" in part)


async def _stream(reply: Reply) -> AsyncGenerator[bytes, None]:
    response = {"id": f"resp_{next(_numbers)}", "object": "response", "status": "in_progress", "output": []}
    yield _event("response.created", response=response)
    output = []
    for index, block in enumerate(reply.blocks):
        item = _item(block)
        output.append(item)
        start = {**item, "content": [], "arguments": ""} if item["type"] == "message" else item
        yield _event("response.output_item.added", output_index=index, item=start)
        for delta in _deltas(block):
            yield _event("response.output_text.delta", output_index=index, item_id=item["id"], **delta)
            await asyncio.sleep(reply.pause)
        yield _event("response.output_item.done", output_index=index, item=item)
    done = {**response, "status": "completed", "output": output, "usage": USAGE}
    yield _event("response.completed", response=done)


def _event(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def _deltas(block: Block) -> Iterator[dict[str, Any]]:
    if isinstance(block, Text):
        yield from ({"content_index": 0, "delta": piece} for piece in pieces(block.text))


def _item(block: Block) -> dict[str, Any]:
    number = next(_numbers)
    match block:
        case Text(text):
            content = [{"type": "output_text", "text": text, "annotations": []}]
            return {"type": "message", "id": f"msg_{number}", "role": "assistant", "content": content}
        case Thought(text):
            return {"type": "reasoning", "id": f"rs_{number}", "summary": [{"type": "summary_text", "text": text}]}
        case Call(tool, given):
            call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}"}
            return {**call, "name": tool, "arguments": json.dumps(given)}
