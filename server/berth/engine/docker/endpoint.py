"""Where the engine listens, and how its address is written for others."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from berth.errors import EngineError


@dataclass(frozen=True, slots=True)
class Tls:
    """Client certificates in PEM; a missing file is None. ``verify`` checks the engine's own certificate."""

    ca: Path | None
    certificate: Path | None
    key: Path | None
    verify: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One engine address. ``path`` for a unix socket; ``host`` and ``port`` for TCP, with ``tls`` or in the clear.

    ``origin`` says for people where the address came from (``DOCKER_HOST``, ``docker context colima``, ``default``).
    """

    scheme: Literal["unix", "tcp"]
    origin: str
    path: str = ""
    host: str = ""
    port: int = 0
    tls: Tls | None = None

    @property
    def url(self) -> str:
        """As ``docker -H`` and docker-py take it."""
        if self.scheme == "unix":
            return f"unix://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


def parse_endpoint(url: str, *, origin: str, tls: Tls | None = None) -> Endpoint:
    """Reads an address as ``DOCKER_HOST`` and contexts have it.

    Raises:
        EngineError: ``engine-unreachable``: a scheme that Berth cannot speak (``npipe``, ``ssh``), or no address.
    """
    parts = urlsplit(url if "://" in url else f"tcp://{url}")
    if parts.scheme == "unix":
        return Endpoint("unix", origin, path=f"{parts.netloc}{parts.path}" or "/var/run/docker.sock")
    if parts.scheme in ("tcp", "http", "https") and parts.hostname:
        secure = tls or (Tls(None, None, None, verify=True) if parts.scheme == "https" else None)
        port = parts.port or (2376 if secure else 2375)
        return Endpoint("tcp", origin, host=parts.hostname, port=port, tls=secure)
    raise _unsupported(url, parts.scheme, origin)


def _unsupported(url: str, scheme: str, origin: str) -> EngineError:
    message = f"The engine address {url!r} (from {origin}) is not supported yet."
    hints = {
        "npipe": "Windows named pipes are not spoken yet: run Berth inside WSL 2, or let the engine listen on TCP.",
        "ssh": "Forward the socket (ssh -L /tmp/docker.sock:/var/run/docker.sock host) and point DOCKER_HOST at it.",
    }
    return EngineError("engine-unreachable", message, hints.get(scheme, "Use unix:///path or tcp://host:port."))
