"""The sockets of container engines: whoever holds one is root on the host, so no session ever gets one."""

from collections.abc import Mapping
from pathlib import Path

_NAMES = frozenset({"docker.sock", "docker.raw.sock", "podman.sock", "containerd.sock", "crio.sock", "buildkitd.sock"})
_FOLDERS = frozenset({"/", "/run", "/var", "/var/run"})
"""Where sockets of engines lie; one that starts later has its socket there all the same."""
_WELL_KNOWN = (
    *("/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock"),
    *("/run/crio/crio.sock", "/run/buildkit/buildkitd.sock"),
)
_IN_HOME = (".docker/run/docker.sock", ".docker/desktop/docker.sock", ".colima/default/docker.sock")
_IN_RUNTIME = ("docker.sock", "podman/podman.sock")


def engine_sockets(environment: Mapping[str, str]) -> frozenset[Path]:
    """Where an engine's socket may be, as far as the editor's environment tells."""
    paths = [Path(path) for path in _WELL_KNOWN]
    for variable, names in (("HOME", _IN_HOME), ("XDG_RUNTIME_DIR", _IN_RUNTIME)):
        folder = environment.get(variable, "")
        paths += [Path(folder) / name for name in names if folder.startswith("/")]
    scheme, _, path = environment.get("DOCKER_HOST", "").partition("://")
    if scheme == "unix" and path.startswith("/"):
        paths.append(Path(path))
    return frozenset(paths)


def exposes_engine(source: Path, sockets: frozenset[Path], existing: frozenset[Path]) -> bool:
    """Whether a mount's source is an engine's socket, or a folder that holds one."""
    if source.name in _NAMES or source in sockets or str(source) in _FOLDERS:
        return True
    return any(socket.is_relative_to(source) for socket in sockets & existing)
