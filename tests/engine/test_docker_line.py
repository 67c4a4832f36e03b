"""The line of ``docker run`` that a plan shows makes the container that Berth makes of it, on a real engine."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from berth.planning.docker_line.text import docker_text
from berth.planning.plan import SessionPlan
from tests.engine.docker_cases import CASES
from tests.engine.docker_flags import flags
from tests.engine.docker_line_fields import DIFFERENT, argued, differences
from tests.engine.docker_twin import ADDRESSES, ENVIRONMENT, Twins, twins

pytestmark = [pytest.mark.engine, pytest.mark.skipif(not shutil.which("docker"), reason="the Docker CLI is missing")]

PROFILES: dict[str, dict[str, Any]] = {
    "mounts": {"volumes": ["./config:/config:ro", "twin-cache:/cache", "./config:/a b'c\"d"]},
    "caches": {"volumes": ["npm", "cargo", "go"]},
    "resources": {"resources": {"memory": "1000000000", "cpus": 0.3, "pids": 99, "shm": "3m", "timeLimit": "1h"}},
    "cards": {"resources": {"gpus": ["GPU-1", "GPU-2"]}},
    "all cards": {"resources": {"gpus": "all"}},
    "share": {"share": ["gitconfig"]},
    "variables": {"env": {"A": "it's $HOME"}, "envFile": "plain.env", "forwardEnv": ["FROM_*"]},
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    with twins(tmp_path_factory.mktemp("line")) as made:
        yield made


def check(two: Twins, plan: SessionPlan) -> None:
    pair = two.line_pair(plan)
    remember_volumes(two, plan)
    assert differences(pair) == {}
    argued(pair)


def remember_volumes(two: Twins, plan: SessionPlan) -> None:
    two.volumes += [mount.source for mount in plan.container.mounts if mount.type == "volume"]


def words(two: Twins, case: str) -> list[str]:
    return shlex.split(case.replace("NETWORK", two.network).replace("ADDRESSES", ADDRESSES))


def test_every_difference_is_argued() -> None:
    assert all(DIFFERENT.values())


@pytest.mark.parametrize("case", CASES)
def test_the_line_makes_the_container_that_a_session_has(two: Twins, case: str) -> None:
    check(two, two.plan(words(two, case)))


@pytest.mark.parametrize("name", PROFILES)
def test_the_line_has_what_the_settings_ask_for(two: Twins, name: str) -> None:
    check(two, two.plan([], **PROFILES[name]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(arguments=flags())
def test_the_line_has_any_mixture_of_flags(two: Twins, arguments: list[str]) -> None:
    check(two, two.plan(arguments))


SAYS = """
set -e
id -u; id -g; id -un; pwd; hostname
printf '%s\\n' "$A" "$QUOTED" "$FROM_EDITOR" "$HOME" "$MARK"
ls /workspace; cat /config/note
touch /workspace/x 2>/dev/null || echo refused
touch "$HOME/mine" /tmp/scratch /cache/mine && echo wrote
touch /config/y 2>/dev/null || echo read-only
cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max
grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
read -r line; echo "heard $line"
"""


def test_the_text_runs_as_it_stands_in_a_shell(two: Twins) -> None:
    (two.workspace / "config" / "note").write_text("a note\n")
    section = {"agents": {"mine": {"command": ["sh", "-c", SAYS], "dialect": "lines"}}, "agent": "mine"}
    plan = two.plan(
        ["-m", "256m", "-h", "box"],
        section,
        env={"A": "it's $HOME", "MARK": "\u200bhidden"},
        envFile="plain.env",
        forwardEnv=["FROM_*"],
        volumes=["./config:/config:ro", "twin-fresh:/cache"],
    )
    remember_volumes(two, plan)
    supplied = {variable.name: variable.value for variable in plan.agent.environment}
    done = subprocess.run(
        ["sh", "-c", docker_text(plan)],
        input="hello\n",
        env={**os.environ, **ENVIRONMENT, **{name: supplied[name] for name in ("A", "MARK", "PLAIN", "QUOTED")}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        *("1000", "1000", "agent", str(two.workspace), "box"),
        *("it's $HOME", "kept", "forwarded", "/home/agent", "\u200bhidden"),
        *("config", "plain.env", "a note", "refused", "wrote", "read-only", str(256 * 1024**2)),
        *("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "heard hello"),
    ]
