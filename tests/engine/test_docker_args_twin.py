"""What ``dockerArgs`` asks for is what ``docker create`` would have made of it, on a real engine."""

import shlex
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.docker_cases import CASES
from tests.engine.docker_fields import OWN, differences
from tests.engine.docker_twin import ADDRESSES, Pair, Twins, twins

pytestmark = [pytest.mark.engine, pytest.mark.skipif(not shutil.which("docker"), reason="the Docker CLI is missing")]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    with twins(tmp_path_factory.mktemp("twin")) as made:
        yield made


@pytest.fixture(scope="module")
def bare(two: Twins) -> Pair:
    return two.pair([])


def check(two: Twins, bare: Pair, arguments: list[str]) -> None:
    pair = two.pair(arguments)
    assert not differences(pair, bare)
    variables = {variable.name: variable.value for variable in pair.plan.agent.environment}
    wanted = dict(line.split("=", 1) for line in pair.cli["Config"]["Env"] or [] if "=" in line)
    assert wanted.items() <= variables.items()
    entrypoint = [part for part in pair.cli["Config"]["Entrypoint"] or [] if part]
    assert list(pair.plan.agent.argv[: len(entrypoint)]) == entrypoint


def test_there_are_enough_cases_and_every_difference_is_argued() -> None:
    assert len(set(CASES)) == len(CASES) >= 150
    assert all(reason for _, reason in OWN.values())


@pytest.mark.parametrize("words", CASES)
def test_the_container_is_the_one_that_docker_would_have_made(two: Twins, bare: Pair, words: str) -> None:
    check(two, bare, shlex.split(words.replace("NETWORK", two.network).replace("ADDRESSES", ADDRESSES)))


WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
VALUES: dict[str, st.SearchStrategy[str]] = {
    "memory": st.tuples(st.integers(100, 900).map(str), st.sampled_from(["m", "M", "mb", "MiB", "Mb", " m"])).map(
        "".join
    ),
    "cpus": st.sampled_from(["1", "0.5", ".25", "1.001", "1/2", "1e0"]),
    "pids-limit": st.integers(1, 9000).map(str),
    "shm-size": st.tuples(st.integers(1, 99).map(str), st.sampled_from(["k", "m", "kb", "KiB", "000000", "b"])).map(
        "".join
    ),
    "ulimit": st.tuples(st.sampled_from(["nofile", "nproc", "stack"]), st.integers(1, 99), st.integers(99, 999)).map(
        lambda parts: f"{parts[0]}={parts[1]}:{parts[2]}"
    ),
    "cpu-shares": st.integers(2, 4096).map(str),
    "hostname": WORD,
    "label": st.tuples(WORD, st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=8)).map(
        "=".join
    ),
    "env": st.tuples(WORD.map(str.upper), st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=8)).map(
        "=".join
    ),
    "add-host": st.tuples(WORD, st.ip_addresses().map(str)).map(":".join),
    "dns": st.ip_addresses(v=4).map(str),
    "publish": st.tuples(st.integers(20_000, 60_000), st.integers(1, 60_000)).map(
        lambda parts: f"{parts[0]}:{parts[1]}"
    ),
    "expose": st.tuples(st.integers(1, 65_535), st.sampled_from(["", "/udp", "/sctp", "/tcp"])).map(
        lambda parts: f"{parts[0]}{parts[1]}"
    ),
    "tmpfs": st.tuples(WORD, st.sampled_from(["", ":size=1m", ":ro,mode=700", ":exec,size=64k"])).map(
        lambda parts: f"/scratch/{parts[0]}{parts[1]}"
    ),
    "stop-timeout": st.integers(0, 99).map(str),
    "health-interval": st.sampled_from(["1s", "1m30s", "1.5h", "100ms", "1h1m1.001s"]),
    "cap-add": st.sampled_from(["SYS_PTRACE", "cap_net_admin", "Chown"]),
    "oom-score-adj": st.integers(-1000, 1000).map(str),
}
LISTS = {"ulimit", "label", "env", "dns", "publish", "expose", "tmpfs", "cap-add"}
SHORT = {"memory": "m", "cpu-shares": "c", "hostname": "h", "label": "l", "env": "e", "publish": "p"}


@st.composite
def flags(draw: st.DrawFn) -> list[str]:
    """Some flags with values, in any order, each in one of the ways to write it."""
    names = draw(
        st.lists(
            st.sampled_from(sorted(VALUES)),
            min_size=1,
            max_size=8,
            unique_by=lambda n: n if n not in LISTS else object(),
        )
    )
    words: list[str] = []
    for name in names:
        value = draw(VALUES[name])
        ways = [[f"--{name}={value}"], [f"--{name}", value]]
        if name in SHORT:
            ways += [[f"-{SHORT[name]}{value}"], [f"-{SHORT[name]}", value], [f"-{SHORT[name]}={value}"]]
        words += draw(st.sampled_from(ways))
    return words


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(arguments=flags())
def test_any_mixture_of_flags_is_read_as_docker_reads_it(two: Twins, bare: Pair, arguments: list[str]) -> None:
    check(two, bare, arguments)
