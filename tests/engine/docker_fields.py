"""Two ``inspect`` answers, field by field, and the argued list of Berth's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engine.docker_twin import Pair

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """The fields of one case, and of the case without any flag."""

    berth: Fields
    cli: Fields
    berth_bare: Fields
    cli_bare: Fields


def fields(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of ``Config`` and ``HostConfig`` and of the networks asked for; nothing and empty are the same.

    Binds, mounts and tmpfs are three ways to say two things: they become ``Mounts`` and ``Tmpfs``, by target.
    """
    flat: dict[str, Any] = {
        f"{part}.{name}": value if name == "Init" else value or None
        for part in ("Config", "HostConfig")
        for name, value in answer[part].items()
    }
    binds = flat.pop("HostConfig.Binds", None) or []
    mounts = flat.pop("HostConfig.Mounts", None) or []
    tmpfs = dict(flat.pop("HostConfig.Tmpfs", None) or {})
    tmpfs |= {mount["Target"]: _tmpfs_options(mount) for mount in mounts if mount["Type"] == "tmpfs"}
    flat["Mounts"] = {
        **{mount["Target"]: _mount(mount) for mount in mounts if mount["Type"] != "tmpfs"},
        **dict(map(_bind, binds)),
    }
    flat["Tmpfs"] = {target: sorted(filter(None, options.split(","))) for target, options in tmpfs.items()}
    flat["Networks"] = {name: _endpoint(one) for name, one in answer["NetworkSettings"]["Networks"].items()}
    # The digest of the plan: it is meant to differ.
    flat["Config.Labels"] = {k: v for k, v in (flat.get("Config.Labels") or {}).items() if k != "dev.berth.plan"}
    for name in ("HostConfig.CapAdd", "HostConfig.ExtraHosts"):
        flat[name] = sorted(flat.get(name) or ()) or None
    return flat


def _mount(mount: Mapping[str, Any]) -> tuple[str, str, bool]:
    # The account files lie in a folder per user.
    source = "accounts" if mount["Target"] in ("/etc/passwd", "/etc/group") else mount["Source"]
    return mount["Type"], source, bool(mount.get("ReadOnly"))


def _bind(text: str) -> tuple[str, tuple[str, str, bool]]:
    source, target, *options = text.split(":")
    return target, ("bind" if source.startswith("/") else "volume", source, "ro" in ",".join(options).split(","))


def _tmpfs_options(mount: Mapping[str, Any]) -> str:
    options = mount.get("TmpfsOptions") or {}
    mode = f"mode={options['Mode']:o}" if options.get("Mode") else ""
    size = f"size={options['SizeBytes']}" if options.get("SizeBytes") else ""
    return ",".join([mode, size, "ro" if mount.get("ReadOnly") else ""])


def _endpoint(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    addresses = {name: value for name, value in (endpoint.get("IPAMConfig") or {}).items() if value}
    return {"Aliases": sorted(endpoint.get("Aliases") or []), "IPAMConfig": addresses}


def same(seen: Seen, name: str) -> bool:
    """The field is what the Docker CLI asked for."""
    return bool(seen.berth.get(name) == seen.cli.get(name))


def constant(seen: Seen, name: str) -> bool:
    """No flag changes the field; what it does instead is tested beside this."""
    return bool(seen.berth.get(name) == seen.berth_bare.get(name))


def own_default(seen: Seen, name: str) -> bool:
    """What was asked for, else Berth's own default."""
    asked = seen.cli.get(name) != seen.cli_bare.get(name)
    return same(seen, name) if asked else constant(seen, name)


def over_own(seen: Seen, name: str) -> bool:
    """What was asked for by key, over Berth's own entries."""
    bare, berth, cli = (_keyed(side.get(name)) for side in (seen.berth_bare, seen.berth, seen.cli))
    return bool(berth == {**bare, **cli})


def _keyed(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        named = (entry if isinstance(entry, dict) else {"Name": entry.split(":")[0], "": entry} for entry in value)
        return {entry["Name"]: entry for entry in named}
    return dict(value or {})


def scratch(seen: Seen, name: str) -> bool:
    """``/tmp`` takes half of the memory, so its size follows what was asked of memory."""
    if "/tmp" in seen.cli[name]:
        return bool(seen.berth[name] == {**seen.berth_bare[name], **seen.cli[name]})
    berth, bare = ({**side[name], "/tmp": _without_size(side[name]["/tmp"])} for side in (seen.berth, seen.berth_bare))
    return bool(berth == {**bare, **seen.cli[name]})


def _without_size(options: list[str]) -> list[str]:
    return [option for option in options if not option.startswith("size=")]


def log_options(seen: Seen, name: str) -> bool:
    bare, berth, cli = (side[name] for side in (seen.berth_bare, seen.berth, seen.cli))
    return bool(berth == {"Type": "json-file", "Config": {**bare["Config"], **cli["Config"]}})


def without_swap(seen: Seen, name: str) -> bool:
    if seen.cli.get(name) and seen.cli[name] != 2 * (seen.cli["HostConfig.Memory"] or 0):
        return same(seen, name)
    return bool(seen.berth[name] in (seen.berth["HostConfig.Memory"], seen.cli.get(name)))


def unless_by_time(seen: Seen, name: str) -> bool:
    by_time = seen.cli.get("HostConfig.CpuQuota") or seen.cli.get("HostConfig.CpuPeriod")
    return seen.berth.get(name) is None if by_time else own_default(seen, name)


def any_name(seen: Seen, name: str) -> bool:
    """Docker makes a name up where none was asked for: the beginning of the container's id."""
    return same(seen, name) or constant(seen, name)


OWN: Mapping[str, tuple[Callable[[Seen, str], bool], str]] = {
    "Config.AttachStdout": (constant, "attaching is a call of its own"),
    "Config.AttachStderr": (constant, "attaching is a call of its own"),
    "Config.OpenStdin": (constant, "the agent listens on its stdin"),
    "Config.Entrypoint": (constant, "the launcher; an asked one is put before the agent's command"),
    "Config.Cmd": (constant, "the launcher"),
    "Config.Env": (constant, "variables travel over the launcher's stdin, so that no inspect shows them"),
    "Config.Healthcheck": (own_default, "none, whatever the image says"),
    "Config.Hostname": (any_name, "a name of Berth's where none is asked for"),
    "Config.Labels": (over_own, "Berth's own labels beside the asked ones"),
    "Config.StopSignal": (own_default, "SIGTERM, whatever the image says"),
    "Config.User": (own_default, "the owner of the workspace"),
    "Config.WorkingDir": (own_default, "the workspace"),
    "HostConfig.CapDrop": (constant, "every capability is dropped anyway"),
    "HostConfig.SecurityOpt": (constant, "no-new-privileges is set anyway"),
    "HostConfig.ExtraHosts": (over_own, "host.docker.internal beside the asked ones"),
    "HostConfig.Init": (own_default, "an init, so that signals reach the agent"),
    "HostConfig.LogConfig": (log_options, "a log that is bounded"),
    "HostConfig.Memory": (own_default, "a session always has a limit"),
    "HostConfig.MemorySwap": (without_swap, "no swap unless it is asked for; Docker gives as much as memory"),
    "HostConfig.NanoCpus": (unless_by_time, "a session always has a limit"),
    "HostConfig.PidsLimit": (own_default, "a session always has a limit"),
    "HostConfig.Ulimits": (over_own, "no core dumps, and fewer files"),
    "Mounts": (over_own, "the workspace, HOME and the account files beside the asked ones"),
    "Tmpfs": (scratch, "/tmp in memory"),
}
"""Where Berth's container may differ: how exactly, and why."""


def differences(pair: Pair, bare: Pair) -> dict[str, tuple[Any, Any]]:
    """The fields that are not as they must be, with both values."""
    seen = Seen(*(fields(answer) for answer in (pair.berth, pair.cli, bare.berth, bare.cli)))
    names = sorted({*seen.berth, *seen.cli})
    wrong = [name for name in names if not OWN.get(name, (same, ""))[0](seen, name)]
    return {name: (seen.berth.get(name), seen.cli.get(name)) for name in wrong}
