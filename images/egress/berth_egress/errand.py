"""One request of a session that takes the user's key: looked at, given the key, carried to its origin and back."""

import asyncio
import contextlib
import json
import socket

from berth_egress.ask import MOST_HEAD, Ask, parse_ask
from berth_egress.credentials import Credential, digest
from berth_egress.dial import Unreachable
from berth_egress.heads import BadHead
from berth_egress.lane import Lane
from berth_egress.origin import Server, reach
from berth_egress.pump import IDLE_SECONDS
from berth_egress.reply import BadReply, Chunks, Redaction, parse_reply

HEAD_SECONDS = 20.0
"""How long a client may take to say what it wants."""

PIECE = 65_536
_PHRASES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 411: "Length Required", 413: "Content Too Large"}
_PHRASES |= {502: "Bad Gateway", 503: "Service Unavailable"}


class Refused(Exception):
    """The request ends here. ``why`` is one word for the record."""

    def __init__(self, status: int, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.why = why


class Errand:
    """One connection of a session to the broker: one request, and its end."""

    def __init__(self, lane: Lane, client: socket.socket) -> None:
        self._lane = lane
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._answered = False

    async def run(self) -> None:
        """Serves it to its end, and closes it."""
        try:
            await self._serve()
        except Refused as refused:
            self._lane.told.tell("withheld", why=refused.why)
            await self._answer(refused)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._client.close()

    async def _serve(self) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            head, first = await self._head()
        if not head:
            return
        try:
            ask = parse_ask(head)
        except BadHead as error:
            raise Refused(error.status, "request", f"the request {error}") from error
        if len(first) > ask.length:
            raise Refused(400, "request", "the request has more than it announced")
        credential = self._credential(ask)
        path = credential.path(ask.method, ask.path)
        if path is None:
            raise Refused(403, "route", f"{credential.name} is not for {ask.method} {ask.path}")
        await self._carry(ask.forwarded(credential, path), credential, first, ask.length - len(first))

    async def _head(self) -> tuple[bytes, bytes]:
        """The head, and what came after it; nothing where the client left without a word."""
        data = b""
        while b"\r\n\r\n" not in data:
            if len(data) > MOST_HEAD:
                raise Refused(400, "request", "the request is too long")
            more = await self._loop.sock_recv(self._client, PIECE)
            if not more:
                return b"", b""
            data += more
        head, end, rest = data.partition(b"\r\n\r\n")
        return head + end, rest

    def _credential(self, ask: Ask) -> Credential:
        """The credential that what the request shows stands for."""
        known = self._lane.credentials
        if not known:
            raise Refused(503, "no-key", "there is no key for this session now; restart the session")
        found = known.get(digest(ask.shown)) if ask.shown else None
        if found is None:
            raise Refused(401, "sentinel", "only the key that this session was given is taken here")
        if not found.key:
            raise Refused(503, "no-key", f"{found.name} is not known now; restart the session")
        return found

    async def _carry(self, head: bytes, credential: Credential, first: bytes, left: int) -> None:
        try:
            server = await reach(credential, self._lane.rules)
        except Unreachable as error:
            raise Refused(502, "unreachable", f"{credential.origin.host} cannot be reached: {error}") from error
        origin = credential.origin.target
        self._lane.told.tell("used", host=origin.host, port=origin.port, name=credential.name)
        with contextlib.closing(server):
            server.write(head + first)
            parts = [
                self._loop.create_task(self._send(server, left)),
                self._loop.create_task(self._return(server, credential)),
            ]
            try:
                await asyncio.wait(parts, return_when="FIRST_COMPLETED")
            finally:
                for part in parts:
                    part.cancel()
                ended = await asyncio.gather(*parts, return_exceptions=True)
        if isinstance(ended[1], BadReply) and not self._answered:
            raise Refused(502, "answer", f"{credential.origin.host} cannot be understood: its answer {ended[1]}")

    async def _send(self, server: Server, left: int) -> None:
        """The rest of the body, also after the server's answer. Ends once the client has left, or says more."""
        while left:
            data = await self._loop.sock_recv(self._client, min(left, PIECE))
            if not data:
                return
            server.write(data)
            with contextlib.suppress(ConnectionError):
                await server.drain()
            left -= len(data)
        await self._loop.sock_recv(self._client, 1)

    async def _return(self, server: Server, credential: Credential) -> None:
        """The answer, as it comes, with the key taken out of it."""
        async with asyncio.timeout(IDLE_SECONDS):
            data = await server.head()
        redaction = Redaction(credential.key.encode())
        reply = parse_reply(redaction.feed(data) + redaction.rest())
        await self._say(reply.forwarded())
        chunks, left = Chunks() if reply.chunked else None, reply.length
        while left != 0 and not (chunks and chunks.ended):
            async with asyncio.timeout(IDLE_SECONDS):
                data = await server.read(min(left or PIECE, PIECE))
            if not data and (chunks or left):
                return  # cut off: what is announced and does not come tells the client so
            if not data:
                break
            left = left and left - len(data)
            await self._pass(redaction.feed(chunks.feed(data) if chunks else data), framed=reply.length is None)
        await self._pass(redaction.rest(), framed=reply.length is None)
        if reply.length is None:
            await self._say(b"0\r\n\r\n")

    async def _pass(self, data: bytes, *, framed: bool) -> None:
        if data:
            await self._say(b"%x\r\n%b\r\n" % (len(data), data) if framed else data)

    async def _say(self, data: bytes) -> None:
        self._answered = True
        await self._loop.sock_sendall(self._client, data)

    async def _answer(self, refused: Refused) -> None:
        """A refusal as the vendors' libraries read errors, so that a person sees the sentence."""
        error = {"type": "berth", "code": refused.why, "message": f"Berth's broker: {refused}."}
        body = json.dumps({"type": "error", "error": error}).encode() + b"\n"
        head = [f"HTTP/1.1 {refused.status} {_PHRASES[refused.status]}", "Content-Type: application/json"]
        head += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        with contextlib.suppress(OSError):
            await self._loop.sock_sendall(self._client, "\r\n".join(head).encode() + body)
