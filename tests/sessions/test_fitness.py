"""What is found out about an image between the making of its first container and its start."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.engine.base import FileFacts, ImageFacts
from berth.engine.launcher import launch_command
from berth.errors import EngineError, ImageError
from berth.planning.plan import AskedFlag, Mount, SessionPlan, Variable
from berth.sessions.checked_images import MOST, CheckedImages
from berth.sessions.fitness import Finding, Fitness
from berth.sessions.programs import USUAL_PATH
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import REASON, session_plan

pytestmark = pytest.mark.anyio

PROGRAM = FileFacts("/x", "file", 0o755)
PRIVATE = FileFacts("/root", "folder", 0o700)


def facts(**changes: Any) -> ImageFacts:
    return replace(ImageFacts("sha256:1", "amd64", "", (), (f"PATH={USUAL_PATH}",), {}, 1), **changes)


class Laboratory:
    """An engine and what looks at its images."""

    def __init__(self, folder: Path) -> None:
        self.engine = FakeEngine(programs={"scripted": scripted_acp})
        self.file = folder / "checked.json"
        self.fitness = Fitness(self.engine, CheckedImages(self.file))
        self.plan = session_plan(folder)

    async def examine(self, image: ImageFacts, plan: SessionPlan | None = None) -> Finding:
        plan = plan or self.plan
        container = await self.engine.create(plan.container, name="c", command=launch_command())
        self.engine.calls.clear()
        try:
            return await self.fitness.examine(container, image, plan)
        finally:
            await self.engine.remove(container)

    @property
    def looks(self) -> list[str]:
        return [subject for call, subject in self.engine.calls if call == "file"]


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path)


async def test_an_image_with_shell_and_agent_is_fit_and_says_nothing(lab: Laboratory) -> None:
    assert await lab.examine(facts()) == Finding()


async def test_what_was_found_fit_is_not_looked_at_again_in_this_process_or_the_next(lab: Laboratory) -> None:
    await lab.examine(facts())
    assert lab.looks
    await lab.examine(facts())
    assert not lab.looks
    lab.fitness = Fitness(lab.engine, CheckedImages(lab.file))
    await lab.examine(facts())
    assert not lab.looks


async def test_another_image_program_or_path_is_looked_at(lab: Laboratory) -> None:
    await lab.examine(facts())
    for image, plan in (
        (facts(digest="sha256:2"), lab.plan),
        (facts(environment=("PATH=/usr/local/bin",)), lab.plan),
        (facts(), replace(lab.plan, agent=replace(lab.plan.agent, argv=("other",)))),
    ):
        await lab.examine(image, plan)
        assert lab.looks


async def test_what_is_known_is_bounded_and_survives_a_broken_file(tmp_path: Path) -> None:
    file = tmp_path / "checked.json"
    file.write_text("not json")
    checked = CheckedImages(file)
    for number in range(MOST + 3):
        await checked.remember(str(number))
    assert not await checked.knows("0")
    assert await CheckedImages(file).knows(str(MOST))


async def test_a_state_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    checked = CheckedImages(tmp_path / "missing" / "checked.json")
    await checked.remember("a")
    assert await checked.knows("a")


async def test_a_missing_agent_is_lacking_and_not_remembered(lab: Laboratory) -> None:
    lab.engine.bare.add("berth-test")
    lack = (await lab.examine(facts())).lack
    assert lack is not None
    assert (lack.program, lack.closed, lack.unsuited) == ("scripted", "", "")
    lab.engine.bare.clear()
    assert (await lab.examine(facts())).lack is None


@pytest.mark.parametrize(
    ("musl", "words"), [(PROGRAM, "built on musl, as Alpine is"), (None, "it has no GNU C library")]
)
async def test_an_image_without_the_gnu_library_cannot_get_the_agent(
    lab: Laboratory, musl: FileFacts | None, words: str
) -> None:
    lab.engine.bare.add("berth-test")
    lab.engine.files = {"/lib64/ld-linux-x86-64.so.2": None, "/lib/ld-musl-x86_64.so.1": musl}
    lack = (await lab.examine(facts())).lack
    assert lack is not None
    assert words in lack.unsuited


async def test_an_image_without_a_shell_is_refused(lab: Laboratory) -> None:
    lab.engine.files["/bin/sh"] = None
    with pytest.raises(ImageError) as caught:
        await lab.examine(facts())
    assert caught.value.kind == "image-lacks-shell"


@pytest.mark.parametrize(("desktop", "emulated"), [(True, ()), (False, ("arm64",))])
async def test_another_processor_is_told_where_it_is_emulated(
    lab: Laboratory, *, desktop: bool, emulated: tuple[str, ...]
) -> None:
    lab.engine.facts = replace(lab.engine.facts, desktop=desktop, emulated=emulated)
    [remark] = (await lab.examine(facts(architecture="arm64"))).remarks
    assert "built for arm64 and this engine is amd64: it is emulated" in remark


async def test_another_processor_is_refused_where_it_is_not_emulated(lab: Laboratory) -> None:
    with pytest.raises(ImageError, match="--platform linux/amd64") as caught:
        await lab.examine(facts(architecture="arm64"))
    assert caught.value.kind == "image-wrong-platform"
    assert await lab.examine(facts(architecture="386")) == Finding()


async def test_an_entrypoint_is_told_once_and_not_when_it_was_asked_for(lab: Laboratory) -> None:
    image = facts(entrypoint=("/docker-entrypoint.sh", "-x"))
    [remark] = (await lab.examine(image)).remarks
    assert "(/docker-entrypoint.sh -x) is not run" in remark
    assert '"--entrypoint", "/docker-entrypoint.sh"' in remark
    assert (await lab.examine(image)).remarks == ()
    asked = replace(lab.plan.container, asked=(AskedFlag("entrypoint", "x", REASON),))
    assert (await lab.examine(facts(digest="sha256:3", entrypoint=("x",)), replace(lab.plan, container=asked))) == (
        Finding()
    )


def at(path: str, where: str = "") -> dict[str, FileFacts | None]:
    return {path: FileFacts(where or path, "file", 0o755), "/root": PRIVATE, "/usr/local/bin/scripted": None}


@pytest.mark.parametrize(
    "files", [at("/root/.local/bin/scripted"), {**at("/x"), "/usr/bin/scripted": FileFacts("/root/x", "file", 0o755)}]
)
async def test_an_agent_where_only_root_can_go_is_lacking_for_everybody_else(
    lab: Laboratory, files: dict[str, FileFacts | None]
) -> None:
    lab.engine.files = files
    image = facts(environment=("PATH=/root/.local/bin:/usr/bin:/usr/local/bin",))
    lack = (await lab.examine(image)).lack
    assert lack is not None
    assert lack.closed in files
    root = replace(lab.plan.container, user=replace(lab.plan.container.user, uid=0))
    assert (await lab.examine(image, replace(lab.plan, container=root))).lack is None


async def test_a_folder_of_root_that_is_open_to_all_is_no_obstacle(lab: Laboratory) -> None:
    lab.engine.files = {**at("/root/bin/scripted"), "/root": replace(PRIVATE, mode=0o755)}
    assert (await lab.examine(facts(environment=("PATH=/root/bin",)))) == Finding()


async def test_tools_that_only_root_can_reach_are_told(lab: Laboratory) -> None:
    lab.engine.files["/root"] = PRIVATE
    [remark] = (await lab.examine(facts(environment=(f"PATH=/root/.cargo/bin:{USUAL_PATH}",)))).remarks
    assert "where only root can go (/root/.cargo/bin)" in remark


@pytest.mark.parametrize("found", [FileFacts("/x", "folder", 0o755), FileFacts("/x", "file", 0o644)])
async def test_a_folder_or_a_file_that_cannot_be_executed_is_no_program(lab: Laboratory, found: FileFacts) -> None:
    lab.engine.files["/usr/local/bin/scripted"] = found
    assert (await lab.examine(facts())).lack is not None


async def test_an_agent_that_is_mounted_in_is_found_but_not_remembered_for_the_image(
    lab: Laboratory, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "scripted").touch(mode=0o755)
    mount = Mount("bind", str(tools), "/opt/tools", read_only=True, reason=REASON)
    lab.engine.bare.add("berth-test")
    mounted = replace(lab.plan, container=replace(lab.plan.container, mounts=(mount,)))
    path = Variable("PATH", "relative::/opt/tools", REASON)
    mounted = replace(mounted, agent=replace(mounted.agent, environment=(path,)))
    assert await lab.examine(facts(), mounted) == Finding()
    await lab.examine(facts(), mounted)
    assert lab.looks[-1] == "/opt/tools/scripted"


@pytest.mark.parametrize("argv", [("/usr/local/bin/scripted",), ("./tools/agent",)])
async def test_a_program_with_its_path_is_looked_for_there_or_not_judged(lab: Laboratory, argv: Sequence[str]) -> None:
    plan = replace(lab.plan, agent=replace(lab.plan.agent, argv=tuple(argv)))
    assert await lab.examine(facts(), plan) == Finding()


async def test_an_engine_that_does_not_answer_is_no_reason_not_to_start(lab: Laboratory) -> None:
    lab.engine.failures["file"] = EngineError("engine-busy", "no")
    assert await lab.examine(facts()) == Finding()
    del lab.engine.failures["file"]
    await lab.examine(facts())
    assert lab.looks
