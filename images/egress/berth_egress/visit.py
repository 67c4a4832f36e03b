"""One connection of a session: who it wants to reach, whether it may, and then its bytes."""

import asyncio
import contextlib
import json
import socket

from berth_egress.dial import Unreachable, dial
from berth_egress.heads import MOST, BadHead, Head, last_answer, parse_head
from berth_egress.hello import BadHello, is_tls, server_name
from berth_egress.lane import Lane
from berth_egress.names import Target
from berth_egress.pump import IDLE_SECONDS, Pump
from berth_egress.rules import Entry

HEAD_SECONDS = 20.0
"""How long a client may take to say what it wants, and to greet."""

CANARY = "canary.berth.invalid"
"""A name that the proxy answers itself, so that a session's way out can be tried without anybody outside."""

ACCESS_DENIED = bytes.fromhex("15 0303 0002 02 31")
"""A fatal TLS alert."""

_PHRASES = {204: "No Content", 400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed", 411: "Length Required"}
_PHRASES |= {502: "Bad Gateway", 503: "Service Unavailable"}


class Refused(Exception):
    """The connection ends here. ``status`` 0: too late for an answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Visit:
    """One accepted connection."""

    def __init__(self, lane: Lane, client: socket.socket) -> None:
        self._lane = lane
        self._client = client
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Serves it to its end, and closes it."""
        try:
            await self._serve()
        except Refused as refused:
            if refused.status:
                await self._answer(refused.status, str(refused))
        except (OSError, TimeoutError):
            pass
        finally:
            self._client.close()

    async def _serve(self) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            data, rest = await self._head()
        try:
            head = parse_head(data)
        except BadHead as error:
            raise Refused(error.status, f"The request {error}.") from error
        if head.target.host == CANARY:
            return await self._answer(204, "")
        entry = await self._admitted(head.target)
        with contextlib.closing(await self._dialled(head.target, entry)) as server:
            if head.tunnel:
                await self._tunnel(head.target, entry, server, rest)
            else:
                await self._pass_on(head, server, rest)
        return None

    async def _head(self) -> tuple[bytes, bytes]:
        """The head, and what came after it."""
        data = b""
        while b"\r\n\r\n" not in data:
            if len(data) > MOST:
                raise Refused(400, "The request is too long.")
            more = await self._loop.sock_recv(self._client, MOST)
            if not more:
                raise Refused(0, "")
            data += more
        head, end, rest = data.partition(b"\r\n\r\n")
        return head + end, rest

    async def _admitted(self, target: Target) -> Entry:
        entry = await self._lane.admit(target)
        if entry is None:
            self._blocked(target, "not-listed")
            raise Refused(403, f"Berth: this session may not reach {target}. Only a person can allow it.")
        return entry

    async def _dialled(self, target: Target, entry: Entry) -> socket.socket:
        try:
            return await dial(target, entry, self._lane.rules)
        except Unreachable as error:
            if error.refused:
                self._blocked(target, "not-public")
                raise Refused(403, f"Berth: this session may not reach {target}: {error}.") from error
            raise Refused(502, f"Berth: {target} cannot be reached: {error}.") from error

    async def _tunnel(self, target: Target, entry: Entry, server: socket.socket, first: bytes) -> None:
        await self._loop.sock_sendall(self._client, b"HTTP/1.1 200 Connection established\r\n\r\n")

        vetted = b"" if entry.opaque else await self._first(target, entry, first)

        async def opening() -> bytes:
            return vetted or await self._first(target, entry, first)

        await Pump(self._client, server).run(opening)

    async def _first(self, target: Target, entry: Entry, data: bytes) -> bytes:
        """What the client says first, once it may go on: a greeting with the target's name wherever TLS is spoken."""
        if entry.opaque:
            data = data or await self._loop.sock_recv(self._client, MOST)
        if not entry.opaque or (is_tls(data) and target.address is None):
            async with asyncio.timeout(HEAD_SECONDS):
                data = await self._greeting(target, data)
        self._lane.told.tell("allowed", host=target.host, port=target.port)
        return data

    async def _greeting(self, target: Target, data: bytes) -> bytes:
        """The client's whole TLS greeting, which names the target."""
        try:
            while (name := server_name(data)) is None:
                more = await self._loop.sock_recv(self._client, MOST)
                if not more:
                    raise Refused(0, "")
                data += more
        except BadHello as error:
            raise await self._forbidden(target, "not-tls") from error
        if name != target.host:
            raise await self._forbidden(target, "other-name")
        return data

    async def _forbidden(self, target: Target, why: str) -> Refused:
        """A tunnel that is not what it was opened for: told to both sides, in TLS' own words to the client."""
        self._blocked(target, why)
        with contextlib.suppress(OSError):
            await self._loop.sock_sendall(self._client, ACCESS_DENIED)
        return Refused(0, why)

    async def _pass_on(self, head: Head, server: socket.socket, body: bytes) -> None:
        """One plain request, exactly as long as it says, and its answer."""
        self._lane.told.tell("allowed", host=head.target.host, port=head.target.port)
        await self._loop.sock_sendall(server, head.forwarded + body[: head.length])
        parts = [
            self._loop.create_task(self._rest(server, head.length - len(body[: head.length]))),
            self._loop.create_task(self._reply(server)),
        ]
        try:
            await asyncio.wait(parts, return_when="FIRST_COMPLETED", timeout=IDLE_SECONDS)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _reply(self, server: socket.socket) -> None:
        """The answer; those that come before it (100 Continue) go on as they are."""
        data = b""
        while len(data) <= MOST and (more := await self._loop.sock_recv(server, MOST)):
            data += more
            while (end := data.find(b"\r\n\r\n") + 4) > 3 and _is_interim(data):
                await self._loop.sock_sendall(self._client, data[:end])
                data = data[end:]
            if end > 3:
                data = last_answer(data[:end]) + data[end:]
                break
        await self._loop.sock_sendall(self._client, data)
        while data := await self._loop.sock_recv(server, 65_536):
            await self._loop.sock_sendall(self._client, data)

    async def _rest(self, server: socket.socket, left: int) -> None:
        """The rest of the body; ends once the client has left, or says more than it announced."""
        while left:
            data = await self._loop.sock_recv(self._client, min(left, 65_536))
            if not data:
                return
            await self._loop.sock_sendall(server, data)
            left -= len(data)
        await self._loop.sock_recv(self._client, 1)

    def _blocked(self, target: Target, why: str) -> None:
        self._lane.told.tell("blocked", host=target.host, port=target.port, why=why)

    async def _answer(self, status: int, sentence: str) -> None:
        body = f"{sentence}\n".encode() if sentence else b""
        head = [f"HTTP/1.1 {status} {_PHRASES[status]}", f"Content-Length: {len(body)}", "Connection: close"]
        if sentence:
            head += ["Content-Type: text/plain; charset=utf-8", f"X-Berth-Egress: {json.dumps(sentence)}"]
        with contextlib.suppress(OSError):
            await self._loop.sock_sendall(self._client, "\r\n".join([*head, "", ""]).encode() + body)


def _is_interim(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.") and answer[9:10] == b"1"
