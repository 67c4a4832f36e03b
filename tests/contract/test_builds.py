"""Builds of workspaces' Dockerfiles: every way to build gives the same image."""

import dataclasses
import socket
from pathlib import Path

import anyio
import pytest

from berth.engine.base import LABEL, BuildStep
from tests.contract.building import base_of, build, logs, planned, recipe_of, with_content, write
from tests.contract.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

GIB = 1024**3
SHOW = "cd /ctx && echo seen $(find . -type f | sort)"


def cached(steps: list[BuildStep]) -> list[str]:
    """Keywords of the steps that came from the cache."""
    return [step.step.split()[0] for step in steps if step.cached]


async def test_only_what_changed_is_built_again(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"one.txt": builder.mark, "two.txt": builder.mark})
    lines = ("COPY one.txt /", "RUN cat /one.txt", "COPY two.txt /", "RUN cat /two.txt")
    await build(builder, planned(builder, tmp_path, *lines))
    unchanged = await build(builder, planned(builder, tmp_path, *lines))
    write(tmp_path, {"two.txt": f"{builder.mark} is other"})
    changed = await build(builder, planned(builder, tmp_path, *lines))
    assert sorted(cached(unchanged))[:4] == ["COPY", "COPY", "RUN", "RUN"]
    assert sorted(cached(changed))[:2] == ["COPY", "RUN"]
    assert logs(changed) == f"{builder.mark} is other"


async def test_another_argument_is_another_build(builder: World, tmp_path: Path) -> None:
    made = planned(builder, tmp_path, "ARG WHAT=nothing", f'RUN echo "{builder.mark} $WHAT"')
    assert logs(await build(builder, made)).endswith(f"{builder.mark} nothing")
    steps = await build(builder, with_content(dataclasses.replace(made, arguments={"WHAT": "a, b=c --d 'e'"})))
    assert logs(steps).endswith(f"{builder.mark} a, b=c --d 'e'")


async def test_only_the_target_is_in_the_image_and_only_its_files_are_needed(builder: World, tmp_path: Path) -> None:
    base = base_of(builder)
    write(tmp_path, {"one.txt": "one", "two.txt": "two"})
    lines = (
        "COPY two.txt /",
        f"FROM {base} AS wanted",
        f"RUN echo {builder.mark} > /wanted",
        f"FROM {base}",
        "RUN false",
    )
    steps = await build(builder, planned(builder, tmp_path, *lines, target="wanted"))
    numbered = [(step.current, step.total) for step in steps if step.current and step.log is None]
    assert numbered[-1][0] == numbered[-1][1]
    assert not any("false" in step.step for step in steps)


async def test_stages_copy_from_each_other(builder: World, tmp_path: Path) -> None:
    base = base_of(builder)
    write(tmp_path, {"one.txt": builder.mark})
    lines = ("COPY one.txt /", f"FROM {base}", "COPY --from=0 /one.txt /copied", "RUN cat /copied")
    assert builder.mark in logs(await build(builder, planned(builder, tmp_path, *lines)))


@pytest.mark.parametrize("taken", ["COPY . /ctx/", "COPY * /ctx/"])
async def test_a_dockerfile_that_is_ignored_is_not_in_the_image(builder: World, tmp_path: Path, taken: str) -> None:
    write(tmp_path, {".dockerignore": "Dockerfile\nsecret\n", "kept.txt": builder.mark, "secret": ""})
    steps = await build(builder, planned(builder, tmp_path, taken, f"RUN {SHOW} {builder.mark}"))
    assert f"seen ./.dockerignore ./kept.txt {builder.mark}" in logs(steps)


async def test_files_of_the_context_are_in_the_image_as_they_are(docker_builder: World, tmp_path: Path) -> None:
    write(tmp_path, {".dockerignore": f"# {docker_builder.mark}\n", "sub/run.sh": "#!/bin/sh\n"})
    (tmp_path / "sub" / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("sub/run.sh")
    check = "RUN cd /ctx && cat .dockerignore Dockerfile; stat -c '%n %A %u %Y' sub/run.sh; readlink link"
    said = logs(await build(docker_builder, planned(docker_builder, tmp_path, "COPY . /ctx/", check)))
    assert f"# {docker_builder.mark}\nFROM " in said
    assert "sub/run.sh -rwxr-xr-x 0 315619200" in said
    assert said.endswith("sub/run.sh")


async def test_what_nobody_copies_is_never_read_or_sent(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"one.txt": builder.mark})
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(GIB)
    (tmp_path / "huge").chmod(0)
    with anyio.fail_after(30):
        await build(builder, planned(builder, tmp_path, "COPY one.txt /"))


async def test_a_gibibyte_behind_dockerignore_costs_nothing(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {".dockerignore": "data\n", "one.txt": builder.mark, "data/small": ""})
    with (tmp_path / "data" / "huge").open("wb") as file:
        file.truncate(GIB)
    with anyio.fail_after(30):
        steps = await build(builder, planned(builder, tmp_path, "COPY . /ctx/", f"RUN {SHOW} {builder.mark}"))
    assert "huge" not in logs(steps)


async def test_an_overlay_lies_on_its_image_and_keeps_its_directives(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {".berth/Dockerfile": f"# escape=`\n# mine\nCOPY . /ctx/\nRUN {SHOW} `\n  {builder.mark}\n"})
    made = recipe_of(builder, tmp_path, dockerfile=".berth/Dockerfile", overlay=base_of(builder))
    assert f"seen ./.berth/Dockerfile {builder.mark}" in logs(await build(builder, made))


async def test_two_builds_at_once_do_not_disturb_each_other(builder: World, tmp_path: Path) -> None:
    folders = [write(tmp_path / name, {"one.txt": f"{name} {builder.mark}"}) for name in ("a", "b")]
    said: dict[str, str] = {}

    async def one(folder: Path) -> None:
        made = planned(builder, folder, "COPY one.txt /", "RUN cat /one.txt")
        said[folder.name] = logs(await build(builder, made))
        assert await builder.engine.image(made.tag) is not None

    async with anyio.create_task_group() as tasks:
        for folder in folders:
            tasks.start_soon(one, folder)
    assert said == {name: f"{name} {builder.mark}" for name in ("a", "b")}


async def test_a_build_is_labelled_as_it_was_planned(builder: World, tmp_path: Path) -> None:
    labels = {f"{LABEL}.test": builder.mark, f"{LABEL}.other": 'a "quoted", value=1'}
    made = planned(builder, tmp_path, f"RUN : {builder.mark}", labels=labels, platform="linux/amd64")
    await build(builder, made)
    facts = await builder.engine.image(made.tag)
    assert facts is not None
    assert (labels | {f"{LABEL}.image": made.tag}).items() <= facts.labels.items()


async def test_a_secret_is_there_during_its_step_only(buildkit: World, tmp_path: Path) -> None:
    secret = write(tmp_path, {"a, secret": buildkit.mark}) / "a, secret"
    show = f"RUN --mount=type=secret,id=key cat /run/secrets/key; echo # {tmp_path}"
    steps = await build(buildkit, planned(buildkit, tmp_path, show, "RUN ls /run/secrets", secrets={"key": secret}))
    assert buildkit.mark in logs(steps)


async def test_the_users_ssh_agent_is_there_where_it_was_asked_for(
    buildkit: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as agent:
        agent.bind(str(tmp_path / "agent"))
        agent.listen()
        monkeypatch.setitem(engine_environment(buildkit), "SSH_AUTH_SOCK", str(tmp_path / "agent"))
        show = f'RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK" && echo agent {buildkit.mark}'
        steps = await build(buildkit, planned(buildkit, tmp_path, show, ssh=True))
    assert f"agent {buildkit.mark}" in logs(steps)


def engine_environment(world: World) -> dict[str, str]:
    environment = world.engine._environment  # type: ignore[attr-defined] # the real engine's
    assert isinstance(environment, dict)
    return environment


async def test_layers_come_from_where_they_are_said_to_be(docker_builder: World, tmp_path: Path) -> None:
    made = planned(docker_builder, tmp_path, f"RUN echo {docker_builder.mark}")
    await build(docker_builder, made)
    steps = await build(
        docker_builder, planned(docker_builder, tmp_path, f"RUN echo {docker_builder.mark}", cache_from=(made.tag,))
    )
    assert "RUN" in cached(steps)
