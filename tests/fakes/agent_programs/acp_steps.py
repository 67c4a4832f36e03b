"""What the scripted ACP agent can do in a turn, and the wire it does it on: the words are in ``acp_agent.py``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ReadLine = Callable[[], Awaitable[bytes]]
Write = Callable[[bytes], "Awaitable[None] | None"]
Frame = dict[str, Any]

OPTIONS = [
    {"optionId": "always", "name": "Always allow", "kind": "allow_always"},
    {"optionId": "once", "name": "Allow", "kind": "allow_once"},
    {"optionId": "no", "name": "Reject", "kind": "reject_once"},
]
PLAN = [
    {"content": content, "priority": "medium", "status": status}
    for content, status in (("Look", "completed"), ("Write", "in_progress"), ("Check", "pending"))
]
LOGIN = "Authentication required"


class FailedError(Exception):
    """A JSON-RPC error on its way out: code and message."""


class ExitedError(Exception):
    """The program is over: its exit code."""


class Steps:
    """JSON-RPC over lines, and one method for each word."""

    def __init__(self, read_line: ReadLine, write: Write, workspace: Path) -> None:
        self.read_line = read_line
        self.workspace = workspace
        self.session = ""
        self.cancelled = asyncio.Event()
        self.waiting: dict[object, asyncio.Future[Frame]] = {}
        self._write = write
        self._next = 0

    async def do_say(self, text: str) -> None:
        await self.say(text)

    async def do_think(self, text: str) -> None:
        await self.update({"sessionUpdate": "agent_thought_chunk", "content": {"type": "text", "text": text}})

    async def do_plan(self, _: str) -> None:
        await self.update({"sessionUpdate": "plan", "entries": PLAN})

    async def do_usage(self, _: str) -> None:
        cost = {"amount": 0.25, "currency": "USD"}
        await self.update({"sessionUpdate": "usage_update", "used": 1200, "size": 200000, "cost": cost})

    async def do_write(self, rest: str) -> None:
        name, _, text = rest.partition(" ")
        path = self.workspace / name
        text = (text or "written by the scripted agent") + "\n"
        old = path.read_text() if path.exists() else None
        diff = {"type": "diff", "path": str(path), "oldText": old, "newText": text}
        call = await self._tool(f"Write {name}", kind="edit", content=[diff], locations=[{"path": str(path)}])
        if await self._allowed(call):
            path.write_text(text)

    async def do_ask(self, _: str) -> None:
        call = await self._tool("ls -la", kind="execute", content=[])
        await self._allowed(call)

    async def do_huge(self, size: str) -> None:
        call = await self._tool("cat huge", kind="execute", content=[])
        content = [{"type": "content", "content": {"type": "text", "text": "x" * int(size or 5_000_000)}}]
        await self._tool_update(call, status="completed", content=content)

    async def do_flood(self, count: str) -> None:
        for number in range(int(count or 1000)):
            await self.say(f"chunk number {number:06d}" + ("\n" if number % 10 == 9 else " "))
            if number % 100 == 99:
                await asyncio.sleep(0)  # an agent in memory has its loop together with those who listen

    async def do_slow(self, count: str) -> None:
        for number in range(int(count or 10)):
            if self.cancelled.is_set():
                return
            await self.say(f"slow {number} ")
            await asyncio.sleep(0.02)

    async def do_wait(self, _: str) -> None:
        await self.say("Waiting.")
        await self.cancelled.wait()

    async def do_hang(self, _: str) -> None:
        await asyncio.Event().wait()

    async def do_crash(self, code: str) -> None:
        raise ExitedError(int(code or 3))

    async def do_error(self, text: str) -> None:
        raise FailedError(-32603, text or "The model is overloaded.")

    async def do_login(self, _: str) -> None:
        raise FailedError(-32000, LOGIN)

    async def do_noise(self, _: str) -> None:
        await self._print(b'Loading\xff\xfe configuration...\n42\n{"not": "ours"}\n\n')

    async def do_vendor(self, _: str) -> None:
        await self.send({"method": "_vendor/hello", "params": {"to": "you"}})
        await self.update({"sessionUpdate": "from_the_future", "x": 1})

    async def do_context(self, blocks: list[Frame]) -> None:
        resources = [block["resource"] for block in blocks if block["type"] == "resource"]
        texts = [block["text"] for block in blocks if block["type"] == "text"][1:]
        await self.say(json.dumps({"resources": resources, "texts": texts}))

    async def do_cwd(self, _: str) -> None:
        await self.say(str(self.workspace))

    async def say(self, text: str) -> None:
        await self.update({"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": text}})

    async def _tool(self, title: str, *, kind: str, **fields: Any) -> str:
        self._next += 1
        call = f"call-{self._next}"
        await self.update(
            {"sessionUpdate": "tool_call", "toolCallId": call, "title": title, "kind": kind, "status": "pending"}
            | fields
        )
        return call

    async def _tool_update(self, call: str, **fields: Any) -> None:
        await self.update({"sessionUpdate": "tool_call_update", "toolCallId": call} | fields)

    async def _allowed(self, call: str) -> bool:
        """Asks for leave and ends the tool call by the answer."""
        params = {"sessionId": self.session, "toolCall": {"toolCallId": call}, "options": OPTIONS}
        reply = await self._ask("session/request_permission", params)
        chosen = reply.get("result", {}).get("outcome", {}).get("optionId")
        allowed = chosen in {"always", "once"}
        await self._tool_update(call, status="completed" if allowed else "failed")
        if not allowed and not self.cancelled.is_set():
            await self.say("Not allowed.")
        return allowed

    async def _ask(self, method: str, params: Frame) -> Frame:
        self._next += 1
        waiting: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self.waiting[self._next] = waiting
        await self.send({"id": self._next, "method": method, "params": params})
        return await waiting

    async def update(self, update: Frame) -> None:
        await self.send({"method": "session/update", "params": {"sessionId": self.session, "update": update}})

    async def send(self, frame: Frame) -> None:
        await self._print(json.dumps({"jsonrpc": "2.0"} | frame).encode() + b"\n")

    async def _print(self, output: bytes) -> None:
        written = self._write(output)
        if written is not None:
            await written
