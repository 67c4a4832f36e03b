"""What is where in a container of the FakeEngine: a shell, a loader, programs, volumes, and mounted folders."""

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from berth.engine.base import FileFacts, NewFile
from berth.planning.plan import ContainerPlan, Mount

ALWAYS = ("/bin/sh", "/lib64/ld-linux-x86-64.so.2")


def file_in(
    plan: ContainerPlan, path: str, programs: Collection[str], written: Mapping[str, Mapping[str, NewFile]]
) -> FileFacts | None:
    """Programs are in ``/usr/local/bin``, on a layer of Berth's in ``/opt/berth/bin``."""
    for mount in sorted(plan.mounts, key=lambda mount: -len(mount.target)):
        if PurePosixPath(path).is_relative_to(mount.target):
            return _mounted(mount, path, written.get(mount.source, {}))
    folder = "/opt/berth/bin" if plan.image.startswith("berth/layer:") else "/usr/local/bin"
    if path in ALWAYS or path in programs or path in [f"{folder}/{program}" for program in programs]:
        return FileFacts(path, "file", 0o755)
    return None


def _mounted(mount: Mount, path: str, written: Mapping[str, NewFile]) -> FileFacts | None:
    inner = str(PurePosixPath(path).relative_to(mount.target))
    if mount.type == "bind":
        source = Path(mount.source) / inner
        if not source.exists():
            return None
        return FileFacts(path, "folder" if source.is_dir() else "file", source.stat().st_mode & 0o777)
    if inner in written:
        return FileFacts(path, "file", written[inner].mode)
    folders = {".", *(str(parent) for name in written for parent in PurePosixPath(name).parents)}
    return FileFacts(path, "folder", 0o700) if inner in folders else None
