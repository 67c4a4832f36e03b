"""The connection to a key's origin: to an address that was looked at, and with its certificate checked."""

import asyncio
import functools
import ssl
from asyncio import StreamReader, StreamWriter

from berth_egress.credentials import Credential
from berth_egress.dial import CONNECT_SECONDS, Unreachable, dial
from berth_egress.reply import BadReply
from berth_egress.rules import Entry, Rules

MOST_HEAD = 65_536
"""Bytes of an answer's head."""


class Server:
    """One connection, for one request."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Sends, as fast as it is taken."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Waits until not too much is under way."""
        await self._writer.drain()

    async def head(self) -> bytes:
        """The answer's head with its blank line; interim answers are passed over. Raises ``BadReply``."""
        while True:
            try:
                head = await self._reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
                raise BadReply("has no end") from error
            if head[:5] != b"HTTP/" or head[9:10] != b"1":
                return head

    async def read(self, most: int) -> bytes:
        """Some more of the body; nothing once it has ended."""
        return await self._reader.read(most)

    def close(self) -> None:
        """Ends it, whatever is under way."""
        self._writer.transport.abort()


async def reach(credential: Credential, rules: Rules) -> Server:
    """A connection to the credential's origin.

    Raises:
        Unreachable: It does not answer, lies where it may not, or is not who it says.
    """
    origin = credential.origin
    context = trusted(credential.authority) if origin.tls else None
    entry = Entry(origin.target.host, origin.target.port, inside=origin.inside)
    made = await dial(origin.target, entry, rules)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            name = origin.target.host if context else None
            return Server(*await asyncio.open_connection(sock=made, ssl=context, server_hostname=name, limit=MOST_HEAD))
    except ssl.SSLCertVerificationError as error:
        made.close()
        raise Unreachable(f"its certificate is not believed ({error.verify_message})") from error
    except (OSError, TimeoutError) as error:
        made.close()
        raise Unreachable("it does not speak TLS") from error


@functools.lru_cache(maxsize=8)
def trusted(authority: str) -> ssl.SSLContext:
    """Whose certificates are believed: the system's, and the user's own beside them. Raises ``Unreachable``."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if authority:
            context.load_verify_locations(cadata=authority)
    except ssl.SSLError as error:
        raise Unreachable("the certificates that are to be believed cannot be read") from error
    return context
