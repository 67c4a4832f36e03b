"""Mounts and scratch folders as options. Never ``--volume``: it makes folders that are missing on the host."""

from collections.abc import Iterator

from berth.planning.docker_line.option import Option, comma_separated
from berth.planning.plan import ContainerPlan, Mount, Tmpfs


def storage_options(container: ContainerPlan) -> Iterator[Option]:
    """What is mounted, outer places before inner ones."""
    # Podman does not know the part; a copy of the image's folder would bring its owner along.
    extra = "" if container.user.userns else ",volume-nocopy"
    for mount in container.mounts:
        yield Option("mount", mount_value(mount) + (extra if mount.type == "volume" else ""))
    for tmpfs in container.tmpfs:
        yield _tmpfs(tmpfs)


def mount_value(mount: Mount) -> str:
    """The value of ``--mount``."""
    parts = [f"type={mount.type}", f"source={mount.source}", f"target={mount.target}"]
    return comma_separated([*parts, *(["readonly"] if mount.read_only else [])])


def _tmpfs(tmpfs: Tmpfs) -> Option:
    asked = tmpfs.options
    if asked is None:
        return Option("tmpfs", f"{tmpfs.target}:rw,exec,nosuid,nodev,size={tmpfs.size},mode={tmpfs.mode:o}")
    if ":" in tmpfs.target:
        # Only --mount can have asked for such a place, and --tmpfs would cut it at the colon.
        named = {"size": "tmpfs-size", "mode": "tmpfs-mode", "ro": "readonly"}
        parts = [option.partition("=") for option in asked.split(",") if option]
        written = [f"{named[name]}{separator}{value}" for name, separator, value in parts]
        return Option("mount", comma_separated(["type=tmpfs", f"target={tmpfs.target}", *written]))
    return Option("tmpfs", f"{tmpfs.target}:{asked}" if asked else tmpfs.target)
