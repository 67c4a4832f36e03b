"""Ordinary settings: what people write on a working day. They must pass, unasked."""

from typing import Any

from tests.planning.plans import profile


def _flags(*words: str) -> Any:
    return profile(dockerArgs=list(words))


ORDINARY: dict[str, tuple[Any, Any]] = {
    "nothing": ("workspace", {}),
    "variables": ("workspace", profile(env={"NODE_ENV": "development", "PORT": "3000", "DEBUG": "app:*"})),
    "a variable with a newline": ("workspace", profile(env={"PEM": "a\nb"})),
    "caches": ("workspace", profile(volumes=["npm", "pip", "cargo", "go"])),
    "limits": ("workspace", profile(resources={"memory": "4g", "cpus": 2, "pids": 512})),
    "a small limit": ("workspace", profile(resources={"memory": "256m", "cpus": 0.5})),
    "a time limit": ("workspace", profile(resources={"timeLimit": "2h"})),
    "shared memory for a browser": ("workspace", profile(resources={"memory": "4g", "shm": "1g"})),
    "no network": ("workspace", _flags("--network", "none")),
    "the usual bridge": ("user", _flags("--network=bridge")),
    "a read-only root": ("workspace", _flags("--read-only", "--tmpfs", "/run", "--tmpfs", "/var/tmp:size=64m")),
    "scratch space": ("workspace", _flags("--tmpfs", "/scratch:size=1g,exec,uid=1000")),
    "a working folder": ("workspace", _flags("-w", "/workspace/packages/app")),
    "a host name": ("workspace", _flags("-h", "dev-box")),
    "labels": ("workspace", _flags("-l", "team=web", "--label", "com.example.owner=ada lovelace")),
    "fewer files": ("workspace", _flags("--ulimit", "nofile=1024:2048")),
    "no swap": ("workspace", _flags("-m", "1g", "--memory-swap", "1g")),
    "slow stop": ("workspace", _flags("--stop-timeout", "30", "--stop-signal", "SIGINT")),
    "what is so anyway": ("workspace", _flags("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--init")),
    "a port that is only named": ("workspace", _flags("--expose", "3000", "--expose", "8000-8003/udp")),
    "some CPUs": ("workspace", _flags("--cpuset-cpus", "0-1", "--cpu-shares", "512")),
    "kind to others": ("workspace", _flags("--oom-score-adj", "500", "--blkio-weight", "100")),
    "private groups": ("workspace", _flags("--cgroupns", "private", "--ipc", "private")),
    "less forwarded": ("workspace", profile(forwardEnv=["!ANTHROPIC_API_KEY"])),
    "a layer of settings from an editor": ("editor", profile(env={"A": "1"}, volumes=["npm"])),
    "the user's image": ("user", profile(image="node:22")),
    "the user's image by digest": ("user", profile(image=f"registry.example:5000/team/node@sha256:{'a' * 64}")),
    "the user's data": ("user", profile(volumes=["/srv/data:/data:ro", "pgdata:/var/lib/postgresql/data"])),
    "the user's folder in the workspace": ("user", profile(volumes=["./config:/config", "./data dir:/data dir:ro"])),
    "a debugger": ("user", _flags("--cap-add", "SYS_PTRACE")),
    "a web server": (
        "user",
        profile(dockerArgs=["-p", "127.0.0.1:3000:3000", "-p", "8000-8002:8000-8002"], network={"mode": "open"}),
    ),
    "the user's network": ("user", _flags("--network", "dev", "--network-alias", "app", "--ip", "10.1.2.3")),
    "the host's network": ("user", _flags("--network", "host")),
    "graphics cards": ("user", profile(resources={"gpus": "all"})),
    "two of them": ("user", _flags("--gpus", '"device=0,1"')),
    "a device": ("user", _flags("--device", "/dev/dri/card0:/dev/dri/card0:rw")),
    "a sandboxed runtime": ("user", _flags("--runtime", "runsc")),
    "another user": ("user", _flags("--user", "1234:1234", "--group-add", "audio")),
    "names in the network": (
        "user",
        _flags("--add-host", "db:10.0.0.5", "--dns", "9.9.9.9", "--dns-search", "corp.example"),
    ),
    "swap": ("user", _flags("-m", "1g", "--memory-swap", "2g", "--memory-swappiness", "10")),
    "a health check": ("user", _flags("--health-cmd", "true", "--health-interval", "30s", "--health-retries", "3")),
    "more files": (
        "user",
        _flags("--ulimit", "nofile=65536", "--ulimit", "core=-1", "--sysctl", "net.core.somaxconn=1024"),
    ),
    "a bigger log": ("user", _flags("--log-opt", "max-size=1g", "--log-opt", "max-file=5")),
    "the user's secret": ("user", profile(forwardEnv=["SECRET_ONE"], env={"TOKEN": "${localEnv:SECRET_ONE}"})),
    "a quota": ("user", _flags("--cpu-period", "50000", "--cpu-quota", "25000", "--storage-opt", "size=10g")),
}
"""The layer that says it, and what it says, by name."""
