"""Images that are built before they are needed, where somebody asked for that and nobody must be asked."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.errors import BuildFailed
from berth.host.findings import Finding
from berth.host.reload import Reload
from tests.host.test_host import SETTINGS, House

pytestmark = pytest.mark.anyio


def settings(**docker: object) -> dict[str, Any]:
    return {**SETTINGS, "docker": {"defaultImage": "berth-test", **docker}}


class Told:
    """What was said of the folder's files, newest last."""

    def __init__(self) -> None:
        self.findings: list[Sequence[Finding]] = []
        self.news = anyio.Event()

    def problems(self, folder: Path, findings: Sequence[Finding]) -> None:
        assert folder.is_absolute()
        self.findings.append(findings)
        self.news.set()


@asynccontextmanager
async def followed(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Reload, Told]]:
    told = Told()
    monkeypatch.setattr(house.editor, "problems", told.problems)
    reload = Reload(house.host, house.commands, house.editor)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reload.run)
        reload.settings_changed()
        yield reload, told
        tasks.cancel_scope.cancel()


def dockerfile(house: House, text: str) -> Path:
    path = house.editor.folder / ".berth" / "Dockerfile"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


async def built(house: House, count: int) -> None:
    with anyio.fail_after(10):
        while [call for call, _ in house.engine.calls].count("build") < count:  # noqa: ASYNC110 - the fake tells nobody
            await anyio.sleep(0.01)


async def looked_at_twice(reload: Reload, told: Told) -> None:
    """A second look begins long after the first one's build would have."""
    for _ in range(2):
        with anyio.fail_after(10):
            await told.news.wait()
        told.news = anyio.Event()
        reload.settings_changed()


async def test_an_image_is_built_when_its_dockerfile_is_saved(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.editor.settings = settings(prebuild=True)
    path = dockerfile(house, "RUN true\n")
    async with followed(house, monkeypatch) as (reload, _):
        await built(house, 1)
        dockerfile(house, "RUN true && true\n")
        reload.file_changed(path)
        await built(house, 2)
    assert not house.host.sessions()


async def test_a_build_that_fails_is_told_on_the_dockerfile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.editor.settings = settings(prebuild=True)
    path = dockerfile(house, "RUN false\n")
    house.engine.build_steps = [BuildFailed("build-failed", "It failed.", "Mend it.", file=".berth/Dockerfile", line=1)]
    async with followed(house, monkeypatch) as (_, told):
        with anyio.fail_after(10):
            while not any(told.findings):
                told.news = anyio.Event()
                await told.news.wait()
    [finding] = told.findings[-1]
    assert (finding.file, finding.line, finding.kind) == (path, 1, "build-failed")


@pytest.mark.parametrize("prebuild", [None, False])
async def test_nothing_is_built_unless_somebody_asked_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch, prebuild: object
) -> None:
    house.editor.settings = settings(prebuild=prebuild)
    dockerfile(house, "RUN true\n")
    async with followed(house, monkeypatch) as (reload, told):
        await looked_at_twice(reload, told)
    assert "build" not in [call for call, _ in house.engine.calls]


async def test_what_takes_a_yes_is_not_built(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    house.editor.settings = settings(prebuild=True)
    dockerfile(house, "RUN true\n")
    async with followed(house, monkeypatch) as (reload, told):
        await looked_at_twice(reload, told)
    assert "build" not in [call for call, _ in house.engine.calls]
