"""Every flag of ``docker run``, Docker 20.10 to 28, and what Berth does with it.

Names, short forms and kinds are those of ``docker/cli`` (``cli/command/container/opts.go`` and ``run.go``).
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["bool", "string", "int", "bytes", "duration", "decimal", "list", "map"]
Standing = Literal["anyone", "user", "own", "never", "absent"]
"""Who may use a flag.

``anyone``: any layer, as long as it narrows where there is something to narrow. ``user``: the user's own settings file
and the request, nothing that a repository can reach. ``own``: Berth decides that itself. ``never``: nobody, for safety.
``absent``: Berth does not offer it.
"""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. ``why`` is the rest of a sentence that begins with “it”, where the flag is refused or restricted."""

    name: str
    kind: Kind
    standing: Standing
    why: str = ""
    short: str = ""


_WINDOWS = "is for Windows containers"
_HEALTH = "runs a program beside the agent, as the same user"
_JOIN = "would let the agent into another namespace"

_FLAGS = (
    # What a session may use.
    Flag("memory", "bytes", "anyone", short="m"),
    Flag("memory-reservation", "bytes", "anyone"),
    Flag("memory-swap", "bytes", "anyone"),
    Flag("memory-swappiness", "int", "anyone"),
    Flag("cpus", "decimal", "anyone"),
    Flag("cpu-shares", "int", "anyone", short="c"),
    Flag("cpu-period", "int", "anyone"),
    Flag("cpu-quota", "int", "anyone"),
    Flag("cpuset-cpus", "string", "anyone"),
    Flag("cpuset-mems", "string", "anyone"),
    Flag("pids-limit", "int", "anyone"),
    Flag("shm-size", "bytes", "anyone"),
    Flag("ulimit", "list", "anyone"),
    Flag("blkio-weight", "int", "anyone"),
    Flag("blkio-weight-device", "list", "anyone"),
    Flag("device-read-bps", "list", "anyone"),
    Flag("device-read-iops", "list", "anyone"),
    Flag("device-write-bps", "list", "anyone"),
    Flag("device-write-iops", "list", "anyone"),
    Flag("oom-score-adj", "int", "anyone"),
    Flag("oom-kill-disable", "bool", "user", "lets a container that is out of memory hang"),
    Flag("storage-opt", "list", "user", "sets how much of the engine's disk is taken"),
    # What is in the container.
    Flag("env", "list", "anyone", short="e"),
    Flag("env-file", "list", "anyone"),
    Flag("volume", "list", "anyone", short="v"),
    Flag("mount", "list", "anyone"),
    Flag("tmpfs", "list", "anyone"),
    Flag("read-only", "bool", "anyone"),
    Flag("workdir", "string", "anyone", short="w"),
    Flag("hostname", "string", "anyone", short="h"),
    Flag("domainname", "string", "anyone"),
    Flag("label", "list", "anyone", short="l"),
    Flag("init", "bool", "anyone"),
    Flag("platform", "string", "anyone"),
    Flag("pull", "string", "anyone"),
    Flag("entrypoint", "string", "user", "names the program that runs first, with the agent's keys"),
    Flag("user", "string", "user", "decides whose files the agent may write", short="u"),
    Flag("log-opt", "list", "user", "sets how much of the engine's disk is taken"),
    # How it is watched and stopped.
    Flag("stop-signal", "string", "anyone"),
    Flag("stop-timeout", "int", "anyone"),
    Flag("no-healthcheck", "bool", "anyone"),
    Flag("health-cmd", "string", "user", _HEALTH),
    Flag("health-interval", "duration", "user", _HEALTH),
    Flag("health-retries", "int", "user", _HEALTH),
    Flag("health-start-interval", "duration", "user", _HEALTH),
    Flag("health-start-period", "duration", "user", _HEALTH),
    Flag("health-timeout", "duration", "user", _HEALTH),
    # What it reaches, and who reaches it.
    Flag("network", "list", "anyone"),
    Flag("network-alias", "list", "anyone"),
    Flag("ip", "string", "anyone"),
    Flag("ip6", "string", "anyone"),
    Flag("link-local-ip", "list", "anyone"),
    Flag("expose", "list", "anyone"),
    Flag("publish", "list", "user", "opens a port of this machine", short="p"),
    Flag("publish-all", "bool", "user", "opens ports of this machine", short="P"),
    Flag("add-host", "list", "user", "decides where a name leads"),
    Flag("dns", "list", "user", "decides where names lead"),
    Flag("dns-option", "list", "user", "decides where names lead"),
    Flag("dns-search", "list", "user", "decides where names lead"),
    # What it may do.
    Flag("cap-drop", "list", "anyone"),
    Flag("security-opt", "list", "anyone"),
    Flag("ipc", "string", "anyone"),
    Flag("cgroupns", "string", "anyone"),
    Flag("cap-add", "list", "user", "gives the agent a capability"),
    Flag("device", "list", "user", "gives the agent a device of this machine"),
    Flag("device-cgroup-rule", "list", "user", "gives the agent devices of this machine"),
    Flag("gpus", "list", "user", "gives the agent graphics cards of this machine"),
    Flag("group-add", "list", "user", "gives the agent the files of a group"),
    Flag("runtime", "string", "user", "chooses what the container is confined with"),
    Flag("sysctl", "map", "user", "sets a parameter of the kernel"),
    Flag("cgroup-parent", "string", "user", "moves the container out from under the engine's own limits"),
    Flag("privileged", "bool", "never", "takes away every wall round the agent at once"),
    Flag("pid", "string", "never", _JOIN),
    Flag("uts", "string", "never", _JOIN),
    Flag("volumes-from", "list", "never", "would bring in mounts that nobody looked at"),
    Flag("volume-driver", "string", "never", "would bring in mounts that nobody can look at"),
    Flag("use-api-socket", "bool", "never", "would hand the container engine itself to the agent"),
    Flag("annotation", "map", "never", "goes to the container's runtime unread, and can switch its walls off"),
    Flag("link", "list", "never", "opens another container's ports and variables to the agent"),
    # What Berth decides itself.
    Flag("attach", "list", "own", "is how Berth speaks with the agent", short="a"),
    Flag("interactive", "bool", "own", "is how Berth speaks with the agent: its stdin is always open", short="i"),
    Flag("tty", "bool", "own", "would mix the agent's output with a terminal's control characters", short="t"),
    Flag("detach", "bool", "own", "is how Berth runs every session", short="d"),
    Flag("detach-keys", "string", "own", "is for terminals, and a session has none"),
    Flag("sig-proxy", "bool", "own", "is for terminals: a session is stopped with agent.stop"),
    Flag("name", "string", "own", "is how Berth finds a session's container: name the session instead"),
    Flag("rm", "bool", "own", "would lose the session with its container: use agent.remove"),
    Flag("restart", "string", "own", "would start an agent that nobody speaks with: use agent.restart"),
    Flag("cidfile", "string", "own", "writes a file on the host: agent.list tells the container"),
    Flag("log-driver", "string", "own", "is where Berth reads the agent's output, and others can send it elsewhere"),
    Flag("userns", "string", "own", "decides whose files the agent writes, which Berth finds out by itself"),
    Flag("label-file", "list", "own", "reads a file of the host: write the labels with --label"),
    Flag("quiet", "bool", "own", "is about the Docker CLI's own output", short="q"),
    Flag("help", "bool", "own", "is about the Docker CLI itself"),
    # What there is no use for.
    Flag("disable-content-trust", "bool", "absent", "is gone from Docker: name the image by its digest"),
    Flag(
        "mac-address",
        "string",
        "absent",
        "is written differently for engines before and after 25, and no agent needs it",
    ),
    Flag("kernel-memory", "bytes", "absent", "is gone from Docker and from Linux: use --memory"),
    Flag("cpu-rt-period", "int", "absent", "is for real-time programs, which can starve the machine"),
    Flag("cpu-rt-runtime", "int", "absent", "is for real-time programs, which can starve the machine"),
    Flag("cpu-count", "int", "absent", _WINDOWS),
    Flag("cpu-percent", "int", "absent", _WINDOWS),
    Flag("io-maxbandwidth", "bytes", "absent", _WINDOWS),
    Flag("io-maxiops", "int", "absent", _WINDOWS),
    Flag("isolation", "string", "absent", _WINDOWS),
)

FLAGS = {flag.name: flag for flag in _FLAGS}
"""Every flag by its long name."""

SHORT = {flag.short: flag for flag in _FLAGS if flag.short}
"""Those that have a short form, by its letter."""

ALIASES = {"net": "network", "net-alias": "network-alias", "dns-opt": "dns-option"}
"""Older names that Docker still takes."""
