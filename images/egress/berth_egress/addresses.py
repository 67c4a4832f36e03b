"""Which addresses belong to the public internet. Everything that is not known to is refused. Pure."""

import ipaddress
from collections.abc import Iterable, Sequence

from berth_egress.names import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REFUSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        # IANA's registries of special-purpose addresses, where Python's `is_global` differs between versions.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # The metadata services that sit on public addresses (Azure's wire server, Oracle's, Alibaba's are elsewhere).
        "168.63.129.16/32",
    )
)
_UNICAST = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    ipaddress.ip_network(text)
    for text in (
        # Teredo, ORCHID, benchmarks, documentation, 6to4 (which carries any IPv4 address), and AWS' ULA is no unicast.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"),
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is on the internet.

    IPv6 only within ``2000::/3``: that leaves out mapped and compatible IPv4, NAT64, loopback, link-local, site-local,
    unique local and multicast.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED) and address.is_global
    if address.scope_id or address not in _UNICAST or any(address in network for network in _REFUSED_6):
        return False
    return address.is_global


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of some networks."""
    return any(address.version == network.version and address in network for network in networks)


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks in CIDR notation. Raises ``ValueError``."""
    return tuple(ipaddress.ip_network(text) for text in texts)
