"""What a session may reach over the network, decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from berth.planning.credentials_plan import NO_CREDENTIALS, CredentialsPlan
from berth.planning.image_plan import ImagePlan
from berth.planning.reason import BUILT_IN, Reason
from berth.settings.network import NetworkMode

DOOR = "http://127.0.0.1:19128"
"""Where a session finds its way out in mode ``allowlist``; as in ``images/egress``, a test holds them together."""

DOOR_VARIABLES: Mapping[str, str] = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), DOOR),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1"),
    "NODE_USE_ENV_PROXY": "1",
}
"""What leads tools to the door. Node's own fetch knows proxies only when told so; Node before 22.21 ignores it."""

DEFAULT_MODE: NetworkMode = "allowlist"
"""What holds when nobody says anything."""


@dataclass(frozen=True, slots=True)
class PlannedHost:
    """One host and port.

    Attributes:
        host: A name (with ``*.`` in front: one label more), or an address.
        port: The port.
        reason: Who listed it.
        opaque: Anything may be spoken there, not only TLS with the host's name or a plain request for it.
        inside: It may be on this machine, or on its network.
    """

    host: str
    port: int
    reason: Reason
    opaque: bool = False
    inside: bool = False

    def __str__(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 and not self.opaque else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PlannedRange:
    """Addresses that allowed names may lead to."""

    network: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """What a session may reach. The rest is for mode ``allowlist`` only.

    ``upstream`` is the proxy that this network needs, as a URL that may hold a password, ``past_upstream`` are names
    that are reached without it, with all names below them. ``asks``: a person is asked
    about what is not listed. ``image`` has proxy and holders. ``own`` is the mode that would hold without a
    workspace's word. ``ceiling``: the only hosts that a person may be asked about, as settings list them; None: any.
    ``credentials`` are what the broker, beside the proxy, takes elsewhere for the session.
    """

    mode: NetworkMode
    reason: Reason = BUILT_IN
    allowed: tuple[PlannedHost, ...] = ()
    denied: tuple[PlannedHost, ...] = ()
    private: tuple[PlannedRange, ...] = ()
    upstream: str = field(default="", repr=False)
    past_upstream: tuple[str, ...] = ()
    asks: bool = False
    image: ImagePlan | None = None
    own: NetworkMode = DEFAULT_MODE
    ceiling: tuple[str, ...] | None = None
    credentials: CredentialsPlan = NO_CREDENTIALS

    def listed(self) -> Iterator[str]:
        """The allowed hosts as people write them, each once."""
        yield from dict.fromkeys(map(str, self.allowed))

    def variables(self) -> Mapping[str, str]:
        """What programs must know to use it."""
        return DOOR_VARIABLES if self.mode == "allowlist" else {}


OPEN = NetworkPlan("open")
"""The engine's own network, as it stands."""
