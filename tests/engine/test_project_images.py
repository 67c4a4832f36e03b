"""The project's own Dockerfile on the real engine: built at first, left alone, and built again when it changed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from berth.errors import ImageError
from berth.planning.image_plan import BUILD_LABEL
from berth.protocol import commands as wire
from berth.protocol.container_events import ImageProgress
from berth.protocol.session import SessionInfo, State
from tests.engine.real_house import IMAGE, RealHouse, real_house

SETTINGS: dict[str, Any] = {
    "agent": "reader",
    "agents": {"reader": {"command": ["sh", "-c", "cat /built; exec cat"], "dialect": "lines"}},
    "docker": {"defaultImage": IMAGE},
}

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


class Project:
    """A workspace with a Dockerfile in a house on the real engine."""

    def __init__(self, house: RealHouse) -> None:
        self.house = house
        self.host = house.host
        self.editor = house.editor
        self.workspace = house.workspace

    def write(self, name: str, text: str) -> None:
        path = self.workspace / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    async def start(self, **fields: Any) -> SessionInfo:
        """Starts a session, and answers it as soon as its agent is there or it has failed."""
        self.editor.events.clear()
        name = await self.house.start(**fields)
        await self.editor.until(lambda: self.host.info(name).state in (State.IDLE, State.FAILED), seconds=120)
        return self.host.info(name)

    def steps(self) -> list[str]:
        return [body.step for body in self.editor.bodies(ImageProgress) if body.log is None]

    async def said(self, what: str) -> None:
        await self.editor.until(lambda: what in self.house.said())


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    async with real_house(tmp_path, SETTINGS) as house:
        yield Project(house)


async def test_an_overlay_is_one_line(project: Project) -> None:
    project.write(".berth/Dockerfile", "RUN echo made by one line > /built\n")
    info = await project.start()
    assert info.state is State.IDLE
    assert str(info.image).startswith("berth/build:")
    await project.said("made by one line")


async def test_what_did_not_change_is_not_built_and_what_did_is(project: Project) -> None:
    project.write("a.txt", "one\n")
    project.write(".berth/Dockerfile", "COPY a.txt /\nRUN cat /a.txt > /built\n")
    first = await project.start()
    assert any(step.startswith("RUN cat") for step in project.steps())
    project.write("unused.txt", "changed")
    assert ((await project.start()).image, project.steps()) == (first.image, [])
    project.write("a.txt", "two\n")
    changed = await project.start()
    assert changed.image != first.image
    await project.said("two")
    project.write("a.txt", "one\n")
    assert ((await project.start()).image, project.steps()) == (first.image, [])


async def test_arguments_and_targets_are_part_of_the_image(project: Project) -> None:
    lines = [f"FROM {IMAGE} AS dev", "ARG WORD=none", "RUN echo $WORD > /built", "FROM dev AS other", "RUN exit 9"]
    project.write("Dockerfile", "\n".join(lines) + "\n")
    images = []
    for word in ("first", "second"):
        build = {"dockerfile": "Dockerfile", "target": "dev", "args": {"WORD": word}}
        profiles = {"web": {"build": build}}
        project.editor.settings = {**SETTINGS, "docker": {"defaultProfile": "web", "profiles": profiles}}
        images.append((await project.start()).image)
        await project.said(word)
    assert len(set(images)) == 2


async def test_a_failing_step_is_told_with_its_line_and_the_next_start_builds_again(project: Project) -> None:
    project.write(".berth/Dockerfile", "RUN true\nRUN echo no such luck && exit 3\n")
    info = await project.start()
    assert info.error is not None
    assert (info.error.kind, info.error.file, info.error.line) == ("build-failed", ".berth/Dockerfile", 2)
    assert "no such luck" in info.error.message
    project.write(".berth/Dockerfile", "RUN true\nRUN echo better > /built\n")
    better = await project.start()
    assert better.state is State.IDLE, better.error


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("COPY gone.txt /\n", "bad-context", ".berth/Dockerfile:1 copies gone.txt"),
        ("RUN true\nRNU false\n", "bad-dockerfile", ".berth/Dockerfile:2"),
        ("", "bad-dockerfile", ".berth/Dockerfile"),
    ],
)
async def test_what_cannot_be_built_starts_nothing(project: Project, text: str, kind: str, says: str) -> None:
    project.write(".berth/Dockerfile", text)
    with pytest.raises(ImageError) as caught:
        await project.start()
    assert (caught.value.kind, says in caught.value.message) == (kind, True)
    assert project.host.sessions() == ()


async def test_a_dockerfile_that_leads_out_of_the_workspace_is_refused(project: Project) -> None:
    outside = project.workspace.parent / "Dockerfile"
    outside.write_text("RUN true\n")
    (project.workspace / ".berth").mkdir()
    (project.workspace / ".berth" / "Dockerfile").symlink_to(outside)
    with pytest.raises(ImageError) as caught:
        await project.start()
    assert "leads outside" in caught.value.message


async def test_a_rebuild_builds_from_the_first_step(project: Project) -> None:
    project.write(".berth/Dockerfile", "RUN head -c 8 /dev/urandom | od -An -tx1 > /built\n")
    info = await project.start()
    before = await project.host.engine.image(str(info.image))
    project.editor.events.clear()
    rebuild = wire.RebuildArguments(session=info.id, no_cache=True)
    await project.house.commands.rebuild(project.editor, rebuild)
    await project.editor.until(lambda: any(step.startswith("RUN head") for step in project.steps()), seconds=60)
    await project.editor.until(lambda: project.host.info(info.id).state is State.IDLE, seconds=60)
    after = await project.host.engine.image(str(info.image))
    assert before is not None
    assert after is not None
    assert before.digest != after.digest
    assert BUILD_LABEL in json.dumps(dict(after.labels))
