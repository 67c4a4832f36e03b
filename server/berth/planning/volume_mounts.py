"""One volume that was asked for, against what was found on the host."""

from pathlib import Path

from berth.planning.facts import Facts
from berth.planning.plan import Mount
from berth.planning.reasons import reason
from berth.planning.sockets import engine_sockets, exposes_engine
from berth.planning.volumes import Volume, bad_mount
from berth.planning.workspace import protected_paths
from berth.settings.origin import Sourced


def volume_mount(volume: Volume, facts: Facts) -> Mount:
    """The mount of a volume.

    Its source is the real path, links followed: :mod:`berth.planning.breaches` looks where it lies.

    Raises:
        SettingsError: ``bad-mount``.
    """
    target = str(volume.target)
    if isinstance(volume.source, str):
        return Mount("volume", volume.source, target, read_only=volume.read_only, reason=reason(volume.origin))
    real = _checked(volume, volume.source, facts)
    protected = any(real.is_relative_to(path) for path in protected_paths(facts.workspace.path))
    why = "read-only, since what is written there would run later on the host" if protected else ""
    return Mount("bind", str(real), target, read_only=volume.read_only or protected, reason=reason(volume.origin, why))


def _checked(volume: Volume, source: Path, facts: Facts) -> Path:
    written = Sourced(volume.written, volume.origin)
    sockets = engine_sockets(facts.environment)
    real_sockets = {facts.links.get(path, path) for path in facts.existing & sockets}
    real = facts.links.get(source, source)
    if any(exposes_engine(path, sockets | real_sockets, facts.existing | real_sockets) for path in (source, real)):
        raise bad_mount(written, "would hand the container engine itself to the agent", "No session ever gets that.")
    if _is_kernels(source) or _is_kernels(real):
        raise bad_mount(written, "would show the agent this machine's kernel, or all of its devices")
    if source not in facts.existing:
        raise bad_mount(written, "has a source that does not exist", "Create it, or correct the path.")
    if any(c in str(real) for c in ":,") or not str(real).isprintable():
        raise bad_mount(written, "has a source with a colon, a comma or a character that cannot be printed")
    return real


def _is_kernels(path: Path) -> bool:
    return str(path) == "/dev" or path.is_relative_to("/proc") or path.is_relative_to("/sys")
