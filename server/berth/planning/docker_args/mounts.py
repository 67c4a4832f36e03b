"""Mount flags: volumes in the words of profiles' ``volumes``, and scratch folders in memory."""

import csv
import posixpath
import re
from collections.abc import Iterator

from berth.planning.docker_args.args import DockerArgs, read_value
from berth.planning.docker_args.given import Given, bad_flag, printable
from berth.planning.docker_args.scalars import boolean, size
from berth.planning.plan import Tmpfs
from berth.settings.origin import Sourced

_SYSTEM = re.compile(r"/(?:etc|proc|sys|dev|usr|bin|sbin|lib|lib64)(?:/.*)?|/var/?|/home/?")
_SWITCHES = frozenset({"ro", "rw", "exec", "noexec", "nosuid", "nodev", "noatime", "nodiratime", "relatime", "async"})
_VALUES = {
    "size": re.compile(r"[0-9]+(?:[kmgKMG]|%)?"),
    "mode": re.compile(r"[0-7]{1,4}"),
    **{name: re.compile(r"[0-9]{1,10}[kmgKMG]?") for name in ("uid", "gid", "nr_inodes", "nr_blocks")},
}
_MOUNT_KEYS = {
    "source": "source",
    "src": "source",
    "target": "target",
    "dst": "target",
    "destination": "target",
    "readonly": "readonly",
    "ro": "readonly",
    "type": "type",
    "consistency": "consistency",
    "bind-propagation": "propagation",
    "volume-nocopy": "nocopy",
    "tmpfs-size": "size",
    "tmpfs-mode": "mode",
}
_SWITCH_KEYS = frozenset({"readonly", "nocopy"})
_REFUSED = {
    "volume-opt": "could smuggle any folder of this machine in",
    "volume-driver": "would bring in mounts that nobody can look at",
    "volume-label": "is Berth's own business: it labels the volumes it makes",
    "volume-subpath": "is not offered: mount the whole volume",
    "image-subpath": "is not offered",
    "bind-recursive": "is not offered: what is mounted below the source comes along",
    "bind-nonrecursive": "is not offered: what is mounted below the source comes along",
    "bind-create-src": "would make folders on this machine",
}


def asked_volumes(args: DockerArgs) -> tuple[Sourced[str], ...]:
    """The binds and named volumes of ``--volume`` and ``--mount``, in the short syntax, not looked at yet.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return tuple(_volumes(args))


def asked_tmpfs(args: DockerArgs) -> tuple[Tmpfs, ...]:
    """The scratch folders of ``--tmpfs`` and ``--mount type=tmpfs``; of one target the last.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    found = [read_value(given, _tmpfs) for given in args.all("tmpfs")]
    found += [tmpfs for given in args.all("mount") for tmpfs in read_value(given, _mounted_tmpfs)]
    return tuple({tmpfs.target: tmpfs for tmpfs in found}.values())


def _volumes(args: DockerArgs) -> Iterator[Sourced[str]]:
    for given in (one for one in args.given if one.flag.name in ("volume", "mount")):
        if given.flag.name == "volume":
            yield _volume(given)
        elif (mount := read_value(given, _mount))["type"] != "tmpfs":
            yield Sourced(_short(given, mount), given.origin)


def _volume(given: Given) -> Sourced[str]:
    if ":" not in given.value:
        raise bad_flag(
            given, "is a volume without a name, which belongs to root and is lost: give it one, or use --tmpfs"
        )
    return Sourced(given.value, given.origin)


def _short(given: Given, mount: dict[str, str]) -> str:
    source, target = mount.get("source", ""), mount.get("target", "")
    if not source:
        raise bad_flag(given, "has no source, and a volume without a name belongs to root and is lost")
    is_path = source.startswith(("/", ".", "~", "$"))
    if is_path != (mount["type"] == "bind"):
        raise bad_flag(given, f"has a source that is {'a path' if is_path else 'none'}, and is of type {mount['type']}")
    if ":" in target or ":" in re.sub(r"\$\{[^}]*\}", "", source):
        raise bad_flag(given, "has a colon in its source or target")
    return f"{source}:{target}:ro" if mount.get("readonly") == "true" else f"{source}:{target}"


def _mount(text: str) -> dict[str, str]:
    """The parts of ``--mount``, comma-separated as in CSV."""
    if "\n" in text or not text.strip():
        raise ValueError("is empty or has several lines")
    try:
        fields = next(csv.reader([text.strip()], strict=True))
    except csv.Error:
        raise ValueError("has a quote that is not closed") from None
    mount = {"type": "volume"}
    for field in fields:
        name, value = _part(field)
        mount[name] = value
    _check_kind(mount)
    return mount


def _part(field: str) -> tuple[str, str]:
    written, separator, value = field.partition("=")
    key = written.lower()
    if key in _REFUSED:
        raise ValueError(f"has {key}, which {_REFUSED[key]}")
    name = _MOUNT_KEYS.get(key)
    if name is None:
        raise ValueError("has a part that Docker does not know")
    if name in _SWITCH_KEYS:
        return name, "true" if not separator or boolean(value) else "false"
    if not value or value != value.strip():
        raise ValueError(f"has no value for {key}, or spaces round it")
    return name, value.lower() if name in ("type", "propagation", "consistency") else value


def _check_kind(mount: dict[str, str]) -> None:
    allowed = {
        "bind": {"source", "readonly", "propagation", "consistency"},
        "volume": {"source", "readonly", "nocopy", "consistency"},
        "tmpfs": {"size", "mode", "readonly", "consistency"},
    }.get(mount["type"])
    if allowed is None:
        raise ValueError("has a type other than bind, volume and tmpfs")
    if extra := set(mount) - allowed - {"type", "target"}:
        raise ValueError(f"has {', '.join(sorted(extra))}, which is not for the type {mount['type']}")
    if mount.get("propagation", "rprivate") not in ("private", "rprivate"):
        raise ValueError("would let mounts made later through, between this machine and the container")
    if "target" not in mount:
        raise ValueError("has no target")


def _mounted_tmpfs(text: str) -> list[Tmpfs]:
    """The scratch folder of a mount, if it is one."""
    mount = _mount(text)
    if mount["type"] != "tmpfs":
        return []
    total, mode = size(mount.get("size", "0")), mount.get("mode", "0")
    if not _VALUES["mode"].fullmatch(mode):
        raise ValueError("has a tmpfs-mode that is not octal")
    options = [f"size={total}"] if total else []
    options += [f"mode={int(mode, 8):o}"] if int(mode, 8) else []
    options += ["ro"] if mount.get("readonly") == "true" else []
    return [Tmpfs(_target(mount["target"]), total, options=",".join(options))]


def _tmpfs(text: str) -> Tmpfs:
    target, _, options = text.partition(":")
    total = 0
    for option in filter(None, options.split(",")):
        name, separator, value = option.partition("=")
        if separator:
            _check_value(name, value)
            total = size(value) if name == "size" and not value.endswith("%") else total
        elif name not in _SWITCHES:
            raise ValueError(f"has the option {printable(name[:20])}, which a scratch folder cannot have here")
    return Tmpfs(_target(target), total, options=options)


def _check_value(name: str, value: str) -> None:
    pattern = _VALUES.get(name)
    if pattern is None or not pattern.fullmatch(value):
        raise ValueError(f"has an option {name[:20]} that cannot be used")


def _target(text: str) -> str:
    path = posixpath.normpath(text)
    if not path.startswith("/") or path.startswith("//") or "," in path or not path.isprintable():
        raise ValueError("has a target that is not an absolute path without commas")
    if path == "/" or _SYSTEM.fullmatch(path):
        raise ValueError("has a target that belongs to the system in the container")
    return path
