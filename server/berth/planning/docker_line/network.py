"""How a container is reached and what it reaches, as options."""

from collections.abc import Iterator

from berth.planning.container_options import Network, Port
from berth.planning.docker_line.option import Option, options, said, switch
from berth.planning.plan import ContainerPlan


def network_options(container: ContainerPlan) -> Iterator[Option]:
    """Network, ports and names."""
    asked = container.options.network
    if asked.network:
        yield from _network(asked.network)
    yield from options("publish", map(_port, asked.ports))
    yield from options("expose", asked.exposed)
    yield from switch("publish-all", asked.publish_all)
    yield from options("add-host", (f"{name}:{address}" for name, address in container.extra_hosts.items()))
    yield from options("dns", asked.dns)
    yield from options("dns-search", asked.dns_search)
    yield from options("dns-option", asked.dns_options)
    yield from said("domainname", asked.domain)


def _network(network: Network) -> Iterator[Option]:
    yield Option("network", network.target)
    yield from options("network-alias", network.aliases)
    yield from said("ip", network.ipv4)
    yield from said("ip6", network.ipv6)
    yield from options("link-local-ip", network.link_local)


def _port(port: Port) -> str:
    address = f"[{port.host_address}]" if ":" in port.host_address else port.host_address
    outside = f"{address}:{port.host_port}" if address else port.host_port
    return f"{outside}:{port.container}" if outside else port.container
