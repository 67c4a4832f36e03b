"""What of Berth's things is litter: nobody needs it any more. Pure: it judges what was seen."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from berth.engine.base import LABEL, ContainerFacts, ImageFacts
from berth.engine.housekeeping import DiskUse, VolumeFacts
from berth.host.litter_egress import old_doors, old_meetings
from berth.host.litter_images import old_images
from berth.planning.labels import EGRESS_LABEL, SPARE_LABEL
from berth.planning.spares import is_spare
from berth.protocol.housekeeping import Kind, PrunedItem

YOUNG_SECONDS = 3600.0
"""What is younger may belong to a start that another host is in the middle of."""

_HOME = re.compile(r"berth-home-[0-9a-f]{12}-(?P<rest>.+)")


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session of this host. ``ended_at`` in Unix seconds, None while it runs; ``keep``: seconds that it is kept.

    ``alone``: a conversation that could go on is in a HOME that goes with the session.
    """

    id: str
    name: str
    container: str | None
    ended_at: float | None
    keep: float | None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything of Berth's that was seen.

    Attributes:
        sessions: This host's.
        folders: Ids of all sessions that have a folder in the state folder: other hosts may have them.
        mark: What containers of this state folder carry as ``dev.berth.host``; empty: nobody knows.
        workspaces: Those of the labels that exist.
        now: Unix seconds.
    """

    sessions: tuple[SeenSession, ...]
    containers: tuple[ContainerFacts, ...]
    volumes: tuple[VolumeFacts, ...]
    images: tuple[ImageFacts, ...]
    disk: DiskUse
    folders: frozenset[str]
    mark: str
    workspaces: frozenset[str]
    now: float


@dataclass(frozen=True, slots=True)
class Litter:
    """One thing that looks like litter; ``goes`` unless there is a reason to keep it."""

    item: PrunedItem
    id: str
    goes: bool


def litter(seen: Seen, *, force: bool) -> tuple[Litter, ...]:
    """All of it: sessions, containers, then what containers may have used."""
    return (
        *_sessions(seen, force=force),
        *_containers(seen, force=force),
        *_doors(seen),
        *_volumes(seen, force=force),
        *_images(seen),
    )


def _sessions(seen: Seen, *, force: bool) -> Iterator[Litter]:
    for session in seen.sessions:
        if session.ended_at is None or session.keep is None or seen.now - session.ended_at < session.keep:
            continue
        size = seen.disk.containers.get(session.container or "")
        if session.alone and not force:
            yield _keep("session", session.id, f"{session.name}: its conversation could go on, and goes with it", size)
        else:
            yield _go("session", session.id, f"{session.name} ended longer ago than it is kept", size)


def _containers(seen: Seen, *, force: bool) -> Iterator[Litter]:
    used = {session.container for session in seen.sessions}
    for container in seen.containers:
        if is_spare(container.name, container.labels) or used & {container.id, container.name}:
            continue
        if EGRESS_LABEL in container.labels:
            continue
        name = container.labels.get(f"{LABEL}.session", "") or _taken_by(container, seen)
        if _is_young(container.created_at, seen.now):
            continue
        size = seen.disk.containers.get(container.id)
        why = _why_kept(container, seen, named=name)
        if why and not (force and container.status not in ("running", "paused", "restarting")):
            yield _keep("container", container.name, why, size)
            continue
        left = "its session is gone" if name else "it only prepared something"
        yield Litter(PrunedItem(what="container", name=container.name, why=left, size=size), container.id, goes=True)


def _doors(seen: Seen) -> Iterator[Litter]:
    for container, why in old_doors(seen.containers):
        if not _is_young(container.created_at, seen.now):
            size = seen.disk.containers.get(container.id)
            yield Litter(PrunedItem(what="container", name=container.name, why=why, size=size), container.id, goes=True)
    for volume in old_meetings(seen.volumes, seen.containers):
        if not _is_young(volume.created, seen.now):
            use = seen.disk.volumes.get(volume.name)
            yield _go("volume", volume.name, "what met in it is gone", use.size if use else None)


def _taken_by(container: ContainerFacts, seen: Seen) -> str:
    """The session that a container which had waited was taken by: that has no label of it, but its name."""
    if SPARE_LABEL not in container.labels:
        return ""
    return next((name for name in seen.folders if container.name.endswith(f"-{name}")), container.name)


def _why_kept(container: ContainerFacts, seen: Seen, *, named: str) -> str:
    """Why a container without a session of this host is left alone; empty when nothing speaks for it."""
    if container.status in ("running", "paused", "restarting"):
        return "it still runs"
    mark = container.labels.get(f"{LABEL}.host", "")
    if named and (not mark or mark != seen.mark):
        return "another state folder, or an older Berth, may still have its session"
    if named in seen.folders:
        return "its session is still in the state folder; another host may have it"
    return ""


def _volumes(seen: Seen, *, force: bool) -> Iterator[Litter]:
    known = {session.id for session in seen.sessions} | seen.folders
    for volume in seen.volumes:
        use = seen.disk.volumes.get(volume.name)
        if (use and use.users) or _is_young(volume.created, seen.now):
            continue
        size, workspace = (use.size if use else None), volume.labels.get(f"{LABEL}.workspace", "")
        lost = bool(workspace) and workspace not in seen.workspaces
        owner = _owner(volume)
        if owner and owner not in known:
            yield _go("volume", volume.name, "the HOME of a session that is gone", size)
        elif owner or not lost:
            continue
        elif volume.name.startswith("berth-cache-"):
            yield _go("volume", volume.name, f"a cache for {workspace}, which is gone", size)
        elif _HOME.fullmatch(volume.name) and force:
            yield _go("volume", volume.name, f"logins and conversations for {workspace}, which is gone", size)
        elif _HOME.fullmatch(volume.name):
            why = f"it holds logins and conversations, though {workspace} is gone"
            yield _keep("volume", volume.name, why, size)


def _owner(volume: VolumeFacts) -> str:
    """The session whose own HOME a volume is; empty where sessions share it."""
    match, agent = _HOME.fullmatch(volume.name), volume.labels.get(f"{LABEL}.agent", "")
    return match["rest"].removeprefix(f"{agent}-") if match and agent and match["rest"] != agent else ""


def _images(seen: Seen) -> Iterator[Litter]:
    used = {container.image for container in seen.containers}
    for image, why in old_images(seen.images, used):
        if not _is_young(image.created, seen.now):
            size = seen.disk.images.get(image.digest, image.size)
            name = image.tags[0] if image.tags else image.digest
            yield _go("image", name, why, size)


def seconds_of(stamp: str) -> float | None:
    """Unix seconds of an engine's RFC 3339 time, which may have nanoseconds; None where there is none."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", stamp)
    if match is None:
        return None
    return datetime.fromisoformat(match[1] + match[2].replace("Z", "+00:00")).timestamp()


def total(items: Iterable[Litter]) -> int:
    """Bytes of all that goes."""
    return sum(each.item.size or 0 for each in items if each.goes)


def labels_of(containers: Iterable[ContainerFacts], volumes: Iterable[VolumeFacts]) -> frozenset[str]:
    """The workspaces that are named."""
    carried: list[Mapping[str, str]] = [*(it.labels for it in containers), *(it.labels for it in volumes)]
    return frozenset(filter(None, (labels.get(f"{LABEL}.workspace") for labels in carried)))


def _is_young(stamp: str, now: float) -> bool:
    made = seconds_of(stamp)
    return made is None or now - made < YOUNG_SECONDS


def _go(what: Kind, name: str, why: str, size: int | None) -> Litter:
    return Litter(PrunedItem(what=what, name=name, why=why, size=size), name, goes=True)


def _keep(what: Kind, name: str, why: str, size: int | None) -> Litter:
    return Litter(PrunedItem(what=what, name=name, why=why, size=size), name, goes=False)
