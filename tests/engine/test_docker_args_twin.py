"""What ``dockerArgs`` asks for is what ``docker create`` would have made of it, on a real engine."""

import shlex
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine.docker_cases import CASES
from tests.engine.docker_fields import OWN, differences
from tests.engine.docker_flags import flags
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


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(arguments=flags())
def test_any_mixture_of_flags_is_read_as_docker_reads_it(two: Twins, bare: Pair, arguments: list[str]) -> None:
    check(two, bare, arguments)
