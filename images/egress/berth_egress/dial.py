"""Connects to exactly the address that was looked at: a name is resolved once, here, and never again."""

import asyncio
import ipaddress
import socket

from berth_egress.addresses import is_public, is_within
from berth_egress.desk import HOST, NO_WAY, Desk, NotLed
from berth_egress.names import Address, Target
from berth_egress.rules import Entry, Rules
from berth_egress.upstream import Upstream

RESOLVE_SECONDS, CONNECT_SECONDS = 5.0, 10.0
MOST_ADDRESSES = 4


class Unreachable(Exception):
    """Why it could not be connected to, as the end of a sentence. ``refused``: it is not allowed to."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


async def dial(target: Target, entry: Entry, rules: Rules) -> socket.socket:
    """A connection to a target that an entry lets through.

    Raises:
        Unreachable: It does not exist, does not answer, or lies where it may not.
    """
    if rules.upstream is not None and rules.upstream.takes(target):
        return await _through(rules.upstream, target)
    if target.host == HOST and entry.inside:
        return await _here(target, rules.desk)
    addresses = await _resolved(target)
    if not entry.inside:
        for address in addresses:
            if not is_public(address) and not is_within(address, rules.private):
                raise Unreachable("its address is not on the internet", refused=True)
    return await _connected(addresses, target.port)


async def _here(target: Target, desk: Desk | None) -> socket.socket:
    """A service of this machine: on its loopback address, else on the address that it has on the engine's bridge.

    Loopback first, since it answers at once. Between bridge and machine many a firewall says nothing at all.
    """
    why = NO_WAY
    if desk is not None:
        try:
            return await desk.connection(target.port)
        except NotLed as error:
            why = str(error)
    try:
        return await _connected(await _resolved(target), target.port)
    except Unreachable as error:
        raise Unreachable(f"{error}; {why}") from None


async def _resolved(target: Target) -> list[Address]:
    if target.address is not None:
        return [target.address]
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise Unreachable("its name cannot be resolved") from None
    addresses = [ipaddress.ip_address(str(at[0]).partition("%")[0]) for *_, at in found]
    return list(dict.fromkeys(addresses))[:MOST_ADDRESSES]


async def _connected(addresses: list[Address], port: int) -> socket.socket:
    why = "it has no address"
    for address in addresses:
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(made, (str(address), port))
        except TimeoutError:
            why = "it does not answer"
        except OSError as error:
            why = f"it cannot be connected to ({error.strerror})"
        else:
            return made
        made.close()
    raise Unreachable(why)


async def _through(upstream: Upstream, target: Target) -> socket.socket:
    """A tunnel through the proxy that this network needs, which resolves the name by itself."""
    at = Target(upstream.host, upstream.port)
    made = await _connected(await _resolved(at), at.port)
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    lines += [f"Proxy-Authorization: {upstream.authorization}"] if upstream.authorization else []
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_sendall(made, "\r\n".join([*lines, "", ""]).encode())
            answer = await _answer(made)
    except (OSError, TimeoutError):
        answer = b""
    if answer[:5] != b"HTTP/" or answer[9:10] != b"2":
        made.close()
        raise Unreachable(f"the network's own proxy refuses it ({answer[9:12].decode(errors='replace') or 'silent'})")
    return made


async def _answer(made: socket.socket) -> bytes:
    """The upstream proxy's head, byte by byte: nothing after it may be swallowed."""
    loop, answer = asyncio.get_running_loop(), b""
    while not answer.endswith(b"\r\n\r\n") and len(answer) < 8192:
        byte = await loop.sock_recv(made, 1)
        if not byte:
            return b""
        answer += byte
    return answer
