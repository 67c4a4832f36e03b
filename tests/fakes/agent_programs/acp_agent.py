"""A scripted ACP agent, needing nothing but Python: a coroutine for fakes, and a program of its own.

As a program: ``python3 -m tests.fakes.agent_programs.acp_agent`` with ``PYTHONPATH`` on the repository.

The prompt is its script. Steps stand on lines of their own or between semicolons, and each begins with its word:

    say TEXT          a message chunk                    think TEXT       a thought chunk
    write FILE [TEXT] edits after asking permission      ask permission   asks before "running" a command
    plan              a to-do list                       usage            tokens used
    noise             lines that are not its protocol    vendor           an unknown notification and update
    huge N            a tool output of N bytes           flood N          N message chunks of 20 bytes
    slow [N]          N chunks, 20 ms apart (10)         wait for cancel  goes on until it is cancelled
    hang              never answers, not even a cancel   crash [CODE]     exits at once (3)
    error [TEXT]      the prompt fails with TEXT         login            the prompt fails for want of a login
    context           repeats what came with the prompt  cwd              says where the session works

Anything else is echoed. Flags: ``--silent`` (no handshake), ``--login`` (no session without authenticate),
``--forgetful`` (cannot load sessions), ``--plain-context`` (takes no embedded context), ``--exit=CODE`` (at once).
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.fakes.agent_programs.acp_steps import LOGIN, ExitedError, FailedError, Frame, ReadLine, Steps, Write

MODES = {
    "currentModeId": "ask",
    "availableModes": [{"id": "ask", "name": "Ask"}, {"id": "code", "name": "Code", "description": "Edits freely"}],
}


INITIALIZED: Frame = {
    "protocolVersion": 1,
    "agentInfo": {"name": "scripted", "title": "Scripted agent", "version": "1.0"},
    "agentCapabilities": {"loadSession": True, "promptCapabilities": {"embeddedContext": True}},
    "authMethods": [{"id": "key", "name": "API key", "description": "Set SCRIPTED_API_KEY"}],
}


class ScriptedAgent(Steps):
    def __init__(self, read_line: ReadLine, write: Write, workspace: Path, flags: Sequence[str] = ()) -> None:
        super().__init__(read_line, write, workspace)
        self._flags = set(flags)
        self._exit: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._turn: asyncio.Task[None] | None = None

    async def run(self) -> int:
        """Talks until stdin ends or a step exits. Answers the exit code."""
        for flag in self._flags:
            if flag.startswith("--exit="):
                return int(flag.removeprefix("--exit="))
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait({reader, self._exit}, return_when=asyncio.FIRST_COMPLETED)
            return self._exit.result() if self._exit.done() else reader.result()
        finally:
            for task in (reader, self._turn):
                if task is not None:
                    task.cancel()
            await asyncio.gather(*(t for t in (reader, self._turn) if t is not None), return_exceptions=True)

    async def _read(self) -> int:
        while line := await self.read_line():
            if line.strip() and "--silent" not in self._flags:
                await self._take(line)
        return 0

    async def _take(self, line: bytes) -> None:
        try:
            frame = json.loads(line)
        except ValueError:
            await self.send({"id": None, "error": {"code": -32700, "message": "Parse error"}})
            return
        if "method" not in frame:
            waiting = self.waiting.pop(frame.get("id"), None)
            if waiting is not None:
                waiting.set_result(frame)
        elif frame["method"] == "session/prompt":
            self.cancelled.clear()
            self._turn = asyncio.create_task(self._answer(frame))
        else:
            await self._answer(frame)

    async def _answer(self, frame: Frame) -> None:
        method = getattr(self, "on_" + frame["method"].replace("/", "_"), self._unknown)
        try:
            reply: Frame = {"result": await method(frame.get("params") or {})}
        except FailedError as failed:
            reply = {"error": {"code": failed.args[0], "message": failed.args[1]}}
        except ExitedError as exited:
            self._exit.set_result(exited.args[0])
            return
        except Exception as error:  # noqa: BLE001 - a mistake in a script must not look like a hang
            reply = {"error": {"code": -32603, "message": repr(error)}}
        if "id" in frame:
            await self.send({"id": frame["id"], **reply})

    async def _unknown(self, _: Frame) -> Frame:
        raise FailedError(-32601, "Method not found")

    async def on_initialize(self, _: Frame) -> Frame:
        capabilities = dict(INITIALIZED["agentCapabilities"])
        if "--forgetful" in self._flags:
            capabilities["loadSession"] = False
        if "--plain-context" in self._flags:
            capabilities["promptCapabilities"] = {}
        return INITIALIZED | {"agentCapabilities": capabilities}

    async def on_authenticate(self, _: Frame) -> Frame:
        raise FailedError(-32000, LOGIN)

    async def on_session_new(self, _: Frame) -> Frame:
        if "--login" in self._flags:
            raise FailedError(-32000, LOGIN)
        self.session = "scripted-1"
        return {"sessionId": self.session, "modes": MODES}

    async def on_session_load(self, params: Frame) -> Frame:
        if not params["sessionId"].startswith("scripted-"):
            raise FailedError(-32002, "Session not found")
        self.session = params["sessionId"]
        await self.say("Welcome back.")
        return {"modes": MODES}

    async def on_session_set_mode(self, params: Frame) -> Frame:
        await self.update({"sessionUpdate": "current_mode_update", "currentModeId": params["modeId"]})
        return {}

    async def on_session_cancel(self, _: Frame) -> None:
        self.cancelled.set()

    async def on_session_prompt(self, params: Frame) -> Frame:
        script = "\n".join(block["text"] for block in params["prompt"] if block["type"] == "text")
        for step in script.replace(";", "\n").splitlines():
            word, _, rest = step.strip().partition(" ")
            if word and not self.cancelled.is_set():
                await getattr(self, "do_" + word, self._echo(step))(rest if word != "context" else params["prompt"])
        return {"stopReason": "cancelled" if self.cancelled.is_set() else "end_turn"}

    def _echo(self, step: str) -> Callable[[str], Awaitable[None]]:
        return lambda _rest: self.say(f"You said: {step.strip()}")


async def acp_agent(read_line: ReadLine, write: Write, workspace: Path, flags: Sequence[str] = ()) -> int:
    """Runs the agent. ``read_line`` answers a line with its newline, or nothing at the end. Answers the exit code."""
    return await ScriptedAgent(read_line, write, workspace, flags).run()


async def main(flags: Sequence[str]) -> int:
    loop = asyncio.get_running_loop()
    stdin = asyncio.StreamReader(limit=1 << 28)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin.buffer)

    def write(output: bytes) -> None:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()

    return await acp_agent(stdin.readline, write, Path.cwd(), flags)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
