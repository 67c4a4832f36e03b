"""Ports as the Docker CLI reads them: ``[[address:]host:]container[/protocol]``, ranges, and the long syntax."""

import ipaddress
import re

from berth.planning.container_options import Port

_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_PROTOCOLS = ("tcp", "udp", "sctp")
_FORM = "is not of the form [[address:]host:]container[/protocol]"


def published_ports(text: str) -> tuple[Port, ...]:
    """Ports of the container with the host's."""
    address, host, container, protocol = _parts(_short(text))
    first, last = _range(container)
    ports = range(first, last + 1)
    if not host:
        return tuple(Port(f"{port}/{protocol}", address, "") for port in ports)
    host_first, host_last = _range(host)
    if host_last - host_first != last - first:
        if first != last:
            raise ValueError("has ranges of different lengths")
        # The engine takes any free one of the range.
        return (Port(f"{first}/{protocol}", address, f"{host_first}-{host_last}"),)
    return tuple(Port(f"{port}/{protocol}", address, str(host_first + port - first)) for port in ports)


def exposed_ports(text: str) -> tuple[str, ...]:
    """Ports of the container, each as ``80/tcp``."""
    container, protocol = _protocol(text)
    first, last = _range(container)
    return tuple(f"{port}/{protocol}" for port in range(first, last + 1))


def _short(text: str) -> str:
    """The short syntax of ``published=8080,target=80,protocol=tcp``."""
    if "=" not in text:
        return text
    parts = {"published": "", "target": "", "protocol": "tcp"}
    for part in text.split(","):
        name, separator, value = part.partition("=")
        if not separator or name not in (*parts, "mode"):
            raise ValueError("has a part other than published, target and protocol")
        if name != "mode":
            parts[name] = value
    return f"{parts['published']}:{parts['target']}/{parts['protocol']}"


def _parts(text: str) -> tuple[str, str, str, str]:
    rest, protocol = _protocol(text)
    before, _, container = rest.rpartition(":")
    address, _, host = before.rpartition(":")
    if address:
        address = address[1:-1] if address.startswith("[") and address.endswith("]") else address
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise ValueError("has an address that is none") from None
    return address, host, container, protocol


def _protocol(text: str) -> tuple[str, str]:
    ports, _, protocol = text.partition("/")
    protocol = protocol.lower() or "tcp"
    if protocol not in _PROTOCOLS:
        raise ValueError("has a protocol other than tcp, udp and sctp")
    return ports, protocol


def _range(text: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(_FORM)
    first = int(match[1])
    last = int(match[2]) if match[2] else first
    if not 0 <= first <= last <= 65_535:
        raise ValueError("has a port that is not between 0 and 65535, or a range that runs backwards")
    return first, last
