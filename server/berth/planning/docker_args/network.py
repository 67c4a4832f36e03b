"""Flags about names, addresses and ports."""

import re

from berth.planning.container_options import Network, NetworkOptions
from berth.planning.docker_args.args import DockerArgs, read_value
from berth.planning.docker_args.fields import csv_fields
from berth.planning.docker_args.given import Given, bad_flag
from berth.planning.docker_args.ports import exposed_ports, published_ports
from berth.planning.docker_args.scalars import address, boolean, ipv4, ipv6, text_value

BUILT_IN = frozenset({"default", "bridge", "none", "host"})
"""Networks that an engine always has; only others have aliases and fixed addresses."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NETWORK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def network_options(args: DockerArgs) -> NetworkOptions:
    """How the container is reached and what it reaches.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return NetworkOptions(
        network=_network(args),
        ports=tuple(port for ports in args.values("publish", published_ports) for port in ports),
        exposed=tuple(port for ports in args.values("expose", exposed_ports) for port in ports),
        publish_all=args.value("publish-all", boolean) or False,
        dns=args.values("dns", address),
        dns_search=args.values("dns-search", _domain),
        dns_options=args.values("dns-option", text_value),
        domain=args.value("domainname", host_name) or "",
    )


def extra_hosts(args: DockerArgs) -> dict[str, str]:
    """Names and the addresses they lead to.

    Raises:
        SettingsError: ``bad-docker-args``: a name or an address is none, or a name has two.
    """
    hosts: dict[str, str] = {}
    for given in args.all("add-host"):
        name, target = read_value(given, _extra_host)
        if hosts.setdefault(name, target) != target:
            raise bad_flag(given, "gives a name a second address")
    return hosts


def host_name(text: str) -> str:
    """A host's name of at most 64 characters, which is what Linux takes."""
    if len(text) > 64 or not _HOST_NAME.fullmatch(text):
        raise ValueError("is not a host's name")
    return text


def _network(args: DockerArgs) -> Network | None:
    asked = args.all("network")
    extras = args.last("network-alias", "ip", "ip6", "link-local-ip")
    if not asked:
        if extras is not None:
            raise bad_flag(extras, "is for a network by name: say which with --network")
        return None
    given = asked[-1]
    network = read_value(given, _parse_network)
    if len([one for one in asked if one.origin == given.origin]) > 1:
        raise bad_flag(given, "is a second network, and a session has one")
    _check_allowed(args, given, network)
    return _with_flags(args, network, extras)


def _check_allowed(args: DockerArgs, given: Given, network: Network) -> None:
    if network.target.startswith("container:"):
        raise bad_flag(given, "is never allowed: it would let the agent into another container's network")
    if network.target == "host":
        args.restrict(given, "takes the wall between the agent and this machine's network away")
    if network.target not in BUILT_IN:
        args.restrict(given, "lets the agent reach other containers")


def _with_flags(args: DockerArgs, network: Network, extras: Given | None) -> Network:
    whole = Network(
        network.target,
        (*network.aliases, *args.values("network-alias", host_name)),
        args.value("ip", ipv4) or network.ipv4,
        args.value("ip6", ipv6) or network.ipv6,
        (*network.link_local, *args.values("link-local-ip", address)),
    )
    if network.target in BUILT_IN and whole != Network(network.target):
        given = extras or args.all("network")[-1]
        raise bad_flag(given, f"is for networks by name, and {network.target} is none")
    return whole


def _parse_network(text: str) -> Network:
    if not re.search(r"\w=\w", text):
        if not text.startswith("container:") and not _NETWORK_NAME.fullmatch(text):
            raise ValueError("is not a network's name")
        return Network(text)
    fields = [field.lower().partition("=") for field in csv_fields(text)]
    known: dict[str, list[str]] = {key: [] for key in ("name", "alias", "ip", "ip6", "link-local-ip")}
    for key, _, value in fields:
        if key.strip() not in known:
            raise ValueError("has a part other than name, alias, ip, ip6 and link-local-ip")
        known[key.strip()].append(value.strip())
    if not known["name"] or not _NETWORK_NAME.fullmatch(known["name"][-1]):
        raise ValueError("does not say the network's name")
    return Network(
        known["name"][-1],
        tuple(map(host_name, known["alias"])),
        ipv4(known["ip"][-1]) if known["ip"] else "",
        ipv6(known["ip6"][-1]) if known["ip6"] else "",
        tuple(map(address, known["link-local-ip"])),
    )


def _domain(text: str) -> str:
    trimmed = text.strip(" ")
    if trimmed == ".":
        return trimmed
    bare = trimmed.removesuffix(".")
    if not _HOST_NAME.fullmatch(bare) or not re.search("[A-Za-z]", bare):
        raise ValueError("is not a domain's name")
    return bare


def _extra_host(text: str) -> tuple[str, str]:
    name, separator, target = text.partition("=" if "=" in text else ":")
    if not separator or ":" in name or not name or not name.isprintable():
        raise ValueError("is not of the form name:address")
    if target == "host-gateway":
        return name, target
    bare = target[1:-1] if len(target) > 2 and target[0] == "[" and target[-1] == "]" else target
    address(bare)
    return name, bare
