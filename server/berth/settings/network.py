"""What a session may reach over the network, as it is written and as it comes out of all layers."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from berth.settings.entries import Entry, added_up, highest
from berth.settings.origin import Sourced
from berth.settings.written import UNSET_IF_EMPTY, Written

NetworkMode = Literal["allowlist", "open", "none", "host"]
"""``allowlist``: what is listed, through Berth's proxy. ``open``: the engine's bridge. ``host``: no wall at all."""

EcosystemName = Literal["npm", "pip", "cargo", "go", "apt"]
ECOSYSTEMS: tuple[EcosystemName, ...] = ("npm", "pip", "cargo", "go", "apt")
"""Words in the list that stand for the hosts of a tool's registries."""

_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_HOST = re.compile(rf"(?P<host>(?:\*\.)?{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:.]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_NEVER = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "::1/128", "fe80::/10")))
_PATTERN = r"^(\*\.)?[A-Za-z0-9_.\[\]:-]{1,259}$"


@dataclass(frozen=True, slots=True)
class HostRule:
    """One entry of the list. ``host`` is in lower case, a name may begin with ``*.``; ``port`` None: nobody said."""

    host: str
    port: int | None

    @property
    def is_address(self) -> bool:
        """Whether the host is an address and not a name."""
        return _as_address(self.host) is not None


def parse_rule(text: str) -> HostRule:
    """Reads ``host``, ``*.host``, ``host:port``, an address, or an address with a port.

    Raises:
        ValueError: It is none of them, with the rest of a sentence that begins with the value.
    """
    match = _HOST.fullmatch(text)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or (port is not None and port > 65_535):
        raise ValueError("is neither a host, host:port, *.host nor one of npm, pip, cargo, go and apt")
    host = match["host"].lower().strip("[]")
    address = _as_address(host)
    if address is not None:
        return HostRule(str(address), port)
    if len(host) > 253 or re.fullmatch(r"0x[0-9a-f]*|[0-9]+", host.rpartition(".")[2]) or "[" in text:
        raise ValueError("is not a host's name")
    if host.startswith("*.") and "." not in host[2:]:
        raise ValueError("would allow a whole top-level domain")
    return HostRule(host, port)


def _as_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _entry(text: str) -> str:
    if text not in ECOSYSTEMS:
        parse_rule(text)
    return text


def _host(text: str) -> str:
    parse_rule(text)
    return text


def _range(text: str) -> str:
    network = ipaddress.ip_network(text)
    for one in _NEVER:
        if network.version == one.version and (network.supernet_of(one) or network.subnet_of(one)):  # type: ignore[arg-type]  # same version
            raise ValueError("holds loopback or link-local addresses, which no name may lead to")
    return text


AllowEntry = Annotated[
    str,
    StringConstraints(max_length=260),
    AfterValidator(_entry),
    WithJsonSchema({"type": "string", "pattern": _PATTERN}),
]
DenyEntry = Annotated[
    str,
    StringConstraints(max_length=260),
    AfterValidator(_host),
    WithJsonSchema({"type": "string", "pattern": _PATTERN}),
]
AddressRange = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_range),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9a-fA-F:.]+(/[0-9]{1,3})?$"}),
]


class NetworkSection(Written):
    """What a session may reach."""

    mode: Annotated[NetworkMode | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="`allowlist`: what `allow` lists, through Berth's own proxy; `open`: anything, on the engine's "
        "bridge; `none`: nothing; `host`: this machine's own network, in the user's own settings only.",
        json_schema_extra={"default": "allowlist"},
    )
    allow: list[AllowEntry] | None = Field(
        default=None,
        description="Hosts that may be reached in mode `allowlist`: `host` (TLS on port 443), `host:port`, `*.host` "
        "for one label (the user's own settings only), and `npm`, `pip`, `cargo`, `go`, `apt` for those tools'"
        " registries.",
        examples=[["github.com", "*.example.com", "host.docker.internal:5432", "npm"]],
    )
    deny: list[DenyEntry] | None = Field(
        default=None,
        description="Hosts that are never reached in mode `allowlist`, and never asked about.",
        examples=[["telemetry.example.com"]],
    )
    private: list[AddressRange] | None = Field(
        default=None,
        description="Addresses of one's own network that allowed names may lead to. The user's own settings only.",
        examples=[["10.20.0.0/16"]],
    )
    registries: bool | None = Field(
        default=None,
        description="Whether registries that package tools' own files name (`.npmrc`, `pip.conf`, …) are listed; those "
        "of the workspace's files after a yes. `false` holds wherever it stands.",
        json_schema_extra={"default": True},
    )


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What was asked for, all layers merged. ``own`` is the mode that the user's own word alone comes to.

    ``reads_registries``: nobody said that files of package tools are not to be read. Anybody may, and nobody can take
    that back: otherwise a workspace could have the user's files read that the user wants unread.
    """

    mode: Sourced[NetworkMode] | None = None
    allow: tuple[Sourced[str], ...] = ()
    deny: tuple[Sourced[str], ...] = ()
    private: tuple[Sourced[str], ...] = ()
    own: Sourced[NetworkMode] | None = None
    reads_registries: bool = True

    def over(self, lower: "NetworkSettings") -> "NetworkSettings":
        """These on top of lower ones: lists add up."""
        return NetworkSettings(
            self.mode or lower.mode,
            (*lower.allow, *self.allow),
            (*lower.deny, *self.deny),
            (*lower.private, *self.private),
            self.own or lower.own,
            self.reads_registries and lower.reads_registries,
        )


def merged_network(entries: Sequence[Entry[NetworkSection]]) -> NetworkSettings:
    """What the layers come to, lowest first."""
    return NetworkSettings(
        mode=highest(entries, "mode", lambda entry: entry.mode),
        allow=added_up(entries, "allow", lambda entry: entry.allow),
        deny=added_up(entries, "deny", lambda entry: entry.deny),
        private=added_up(entries, "private", lambda entry: entry.private),
        own=highest([entry for entry in entries if entry.origin().trusted], "mode", lambda entry: entry.mode),
        reads_registries=all(entry.written.registries is not False for entry in entries),
    )
