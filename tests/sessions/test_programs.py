"""The PATH in which programs are looked for before a container is started."""

import pytest

from berth.engine.base import ImageFacts
from berth.planning.plan import SessionPlan
from berth.sessions.programs import USUAL_PATH, search_path
from tests.planning.test_devcontainers import InContainer


def image(*environment: str) -> ImageFacts:
    return ImageFacts("sha256:0", "amd64", "", (), environment, {}, 1)


def plan(path: str | None) -> SessionPlan:
    return InContainer("{}" if path is None else f'{{"remoteEnv": {{"PATH": "{path}"}}}}').plan()


@pytest.mark.parametrize(
    ("path", "environment", "expected"),
    [
        (None, (), USUAL_PATH),
        (None, ("A=b", "PATH=/opt/bin:/bin"), "/opt/bin:/bin"),
        ("/only", ("PATH=/bin",), "/only"),
        ("${containerEnv:PATH}:/more", ("PATH=/bin",), "/bin:/more"),
        ("${containerEnv:PATH}:${containerEnv:TOOLS:/tools}/x", (), f"{USUAL_PATH}:/tools/x"),
        ("${containerEnv:TOOLS}:/x", ("TOOLS=/t=1",), "/t=1:/x"),
    ],
)
def test_it_is_the_plans_with_the_images_in_it(path: str | None, environment: tuple[str, ...], expected: str) -> None:
    assert search_path(plan(path), image(*environment)) == expected
