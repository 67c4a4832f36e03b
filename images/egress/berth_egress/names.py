"""Names and ports as they are asked for. One spelling of each is accepted; everything else is refused. Pure."""

import ipaddress
import re
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_LONGEST = 253


class BadName(ValueError):
    """A text that is no name, address or port of the one spelling."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request wants to go: a name in lower case, or an address in its shortest spelling."""

    host: str
    port: int

    @property
    def address(self) -> Address | None:
        """The address, where the host is one and not a name."""
        return as_address(self.host)

    def __str__(self) -> str:
        """As it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_target(text: str, port: int | None = None) -> Target:
    """Reads ``host:port``; ``port`` is what counts where the text names none.

    Raises:
        BadName: It is anything else: user names, paths, white space, a second spelling of an address.
    """
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or not isinstance(as_address(host), ipaddress.IPv6Address):
            raise BadName("no address in brackets")
    else:
        host, colon, rest = text.partition(":")
        rest = colon + rest
        if ":" in host or isinstance(as_address(host), ipaddress.IPv6Address):
            raise BadName("an IPv6 address without brackets")
    return Target(parse_host(host), _port(rest, port))


def parse_host(text: str) -> str:
    """A host's name, or an address as the standard library prints it.

    A name that ends in a number (``127.1``, ``0x7f.0.0.1``) is what resolvers take for an address, and is refused.

    Raises:
        BadName: It is neither.
    """
    address = as_address(text)
    if address is not None:
        if str(address) != text or (isinstance(address, ipaddress.IPv6Address) and address.scope_id):
            raise BadName("an address that has another spelling")
        return text
    name = text.lower()
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise BadName("not a host's name")
    if re.fullmatch(r"0x[0-9a-f]*|[0-9]+", name.rpartition(".")[2]):
        raise BadName("a name that ends in a number")
    return name


def as_address(text: str) -> Address | None:
    """The address that a text is; None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _port(rest: str, default: int | None) -> int:
    if not rest and default is not None:
        return default
    if not rest.startswith(":") or not _PORT.fullmatch(rest[1:]) or int(rest[1:]) > 65_535:
        raise BadName("no port, or none that exists")
    return int(rest[1:])
