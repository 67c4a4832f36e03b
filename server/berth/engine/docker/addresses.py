"""Which engine is meant: ``DOCKER_HOST``, then the Docker context, then the first default socket that answers."""

import hashlib
import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from berth.engine.docker.endpoint import Endpoint, Tls, parse_endpoint
from berth.errors import EngineError


def find_endpoint(environment: Mapping[str, str], home: Path) -> Endpoint:
    """Finds the engine the way the Docker CLI does, and beyond it other engines' sockets. Blocks for milliseconds.

    Raises:
        EngineError: ``engine-unreachable``: a context that does not exist, or an address that cannot be spoken.
    """
    folder = Path(environment.get("DOCKER_CONFIG") or home / ".docker")
    host = environment.get("DOCKER_HOST", "")
    if host:
        return parse_endpoint(host, origin="DOCKER_HOST", tls=_tls_of_environment(environment, folder))
    context = environment.get("DOCKER_CONTEXT") or _current_context(folder)
    if context and context != "default":
        return _context_endpoint(folder, context)
    candidates = default_sockets(environment, home)
    path = next(filter(_answers, candidates), None) or next(filter(Path.exists, candidates), candidates[0])
    return Endpoint("unix", "default" if path == candidates[0] else "a known socket", path=str(path))


def default_sockets(environment: Mapping[str, str], home: Path) -> list[Path]:
    """Sockets in the order they are tried: Docker, rootless, Docker Desktop, OrbStack, Colima, Rancher, Podman."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    paths = [Path("/var/run/docker.sock")]
    paths += [Path(runtime) / "docker.sock"] if runtime else []
    paths += [
        home / name
        for name in (
            ".docker/run/docker.sock",
            ".docker/desktop/docker.sock",
            ".orbstack/run/docker.sock",
            ".colima/default/docker.sock",
            ".config/colima/default/docker.sock",
            ".rd/docker.sock",
        )
    ]
    paths += [Path(runtime) / "podman/podman.sock"] if runtime else []
    paths += [home / ".local/share/containers/podman/machine/podman.sock", Path("/run/podman/podman.sock")]
    return paths


def _answers(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _tls_of_environment(environment: Mapping[str, str], folder: Path) -> Tls | None:
    verify = bool(environment.get("DOCKER_TLS_VERIFY"))
    if not verify and not environment.get("DOCKER_TLS"):
        return None
    return _tls_of_folder(Path(environment.get("DOCKER_CERT_PATH") or folder), verify=verify)


def _tls_of_folder(folder: Path, *, verify: bool) -> Tls:
    return Tls(_present(folder / "ca.pem"), _present(folder / "cert.pem"), _present(folder / "key.pem"), verify=verify)


def _present(path: Path) -> Path | None:
    return path if path.exists() else None


def _current_context(folder: Path) -> str:
    config = _read_json(folder / "config.json")
    name = config.get("currentContext", "")
    return name if isinstance(name, str) else ""


def _context_endpoint(folder: Path, name: str) -> Endpoint:
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = _read_json(folder / "contexts" / "meta" / digest / "meta.json")
    try:
        docker = meta["Endpoints"]["docker"]
        host, skip = str(docker["Host"]), bool(docker.get("SkipTLSVerify"))
    except (KeyError, TypeError):
        message = f"The Docker context {name!r} does not exist or has no engine address."
        raise EngineError("engine-unreachable", message, "List them with: docker context ls") from None
    tls_folder = folder / "contexts" / "tls" / digest / "docker"
    tls = _tls_of_folder(tls_folder, verify=not skip) if tls_folder.is_dir() else None
    return parse_endpoint(host, origin=f"docker context {name}", tls=tls)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
