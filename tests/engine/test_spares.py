"""Containers that wait, on a real engine: nothing of a secret in them, and nothing left of them."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest
from anyio import to_thread
from docker.utils import kwargs_from_env

from berth.engine.base import ContainerFacts
from berth.host.host import Host
from berth.planning.labels import SPARE_LABEL
from berth.planning.spares import NAME
from berth.protocol.container_events import ContainerState
from tests.engine.real_house import BRIDGE, IMAGE, RealHouse, real_house
from tests.host.waiting import until, until_waiting

CANARY = f"canary{secrets.token_hex(8)}"
AGENT = ["sh", "-c", "echo got $S_KEY at $(hostname); exec cat"]
SETTINGS: dict[str, Any] = {
    "agent": "speaker",
    "agents": {"speaker": {"command": AGENT, "dialect": "lines"}},
    "docker": {"defaultImage": IMAGE, "forwardEnv": ["S_*"], "spares": {"count": 1}, "network": BRIDGE},
}

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(180)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[RealHouse]:
    async with real_house(tmp_path, SETTINGS) as house:
        house.editor.environment = {**house.editor.environment, "S_KEY": CANARY}
        yield house


async def up(desk: RealHouse) -> str:
    session = await desk.start()
    await desk.is_up(session)
    return session


async def spares_of(host: Host) -> tuple[ContainerFacts, ...]:
    found = await host.engine.containers({SPARE_LABEL: host.spares._presence.host})
    return tuple(facts for facts in found if facts.name.startswith(NAME))


async def test_one_that_waits_has_no_secret_in_it_and_the_session_that_takes_it_has(desk: RealHouse) -> None:
    await up(desk)
    await until_waiting(desk.host)
    [spare] = await spares_of(desk.host)
    seen = await to_thread.run_sync(from_outside, spare.id)
    assert "berth-launcher: ready" in seen["logs"]
    assert "PATH=" in seen["environ"]
    assert {place for place, text in seen.items() if CANARY in text or "S_KEY" in text} == set()
    session = await up(desk)
    assert desk.host.info(session).container == spare.id
    await desk.editor.until(lambda: desk.said().count(CANARY) == 2, seconds=60)
    assert CANARY not in (await to_thread.run_sync(from_outside, spare.id))["inspect"]


async def test_a_session_from_a_spare_can_do_what_any_other_can(desk: RealHouse) -> None:
    await up(desk)
    await until_waiting(desk.host)
    session = await up(desk)
    await until_waiting(desk.host)  # it was named before another was made
    facts = await desk.host.engine.inspect(str(desk.host.info(session).container))
    assert facts is not None
    assert facts.name == f"berth-workspace-{session}"
    made = [event for event in desk.editor.bodies(ContainerState) if event.status == "created"]
    assert [bool(event.spare) for event in made] == [False, True]
    programs = await to_thread.run_sync(names_of_processes, facts.id)
    assert "sleep" not in programs
    await desk.host.remove(desk.host.session(session))
    assert await desk.host.engine.inspect(facts.id) is None


async def test_twenty_five_starts_leave_nothing(desk: RealHouse) -> None:
    taken, most = 0, 0
    for _ in range(25):
        session = await up(desk)
        made = [event for event in desk.editor.bodies(ContainerState) if event.status == "created"]
        taken += bool(made[-1].spare)
        await until_waiting(desk.host)
        most = max(most, len(await spares_of(desk.host)))
        await desk.host.remove(desk.host.session(session))
    assert (taken, most) == (24, 1)
    await desk.host.spares.clear()
    workspace = {"dev.berth.workspace": str(desk.workspace)}
    assert await desk.host.engine.containers(workspace) == ()


async def test_a_folder_made_anew_is_what_the_next_session_sees(desk: RealHouse) -> None:
    await up(desk)
    await until_waiting(desk.host)
    await to_thread.run_sync(desk.workspace.rename, desk.folder / "elsewhere")
    await to_thread.run_sync(desk.workspace.mkdir)
    await to_thread.run_sync((desk.workspace / "new").touch)
    session = await up(desk)
    listed = await to_thread.run_sync(run_in, str(desk.host.info(session).container), ["ls", "/workspace"])
    assert listed.split() == ["new"]


async def test_a_host_that_was_killed_leaves_a_spare_that_the_next_one_removes(tmp_path: Path) -> None:
    await to_thread.run_sync((tmp_path / "workspace").mkdir)
    with killed_host(tmp_path) as spare:
        async with real_house(tmp_path, SETTINGS) as house:
            await until(lambda: not list((tmp_path / "state" / "spares").iterdir()), seconds=60)
            assert await house.host.engine.inspect(spare) is None
            workspace = {"dev.berth.workspace": str(tmp_path / "workspace")}
            for facts in await house.host.engine.containers(workspace):
                assert facts.status == "running", "the session's own container lives on"
                await house.host.engine.remove(facts.id)
            await house.start()  # its volumes are those of the killed one, and go with the house


@contextmanager
def killed_host(folder: Path) -> Iterator[str]:
    """A host in a process of its own, killed once a spare waits; its id."""
    command = [sys.executable, "-m", "tests.engine.serve_spare", str(folder)]
    host = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})
    assert host.stdout is not None
    try:
        spare = host.stdout.readline().strip()
        assert spare
        host.send_signal(signal.SIGKILL)
        host.wait(timeout=30)
        yield spare
    finally:
        host.kill()
        host.stdout.close()
        host.wait(timeout=30)


def from_outside(container: str) -> dict[str, str]:
    """What anybody who may use the engine sees, and root on this machine."""
    client = docker.APIClient(**kwargs_from_env())
    try:
        inspected = client.inspect_container(container)
        main = run_in(container, ["cat", "/proc/1/environ"])
        children = run_in(container, ["sh", "-c", "cat /proc/[0-9]*/environ"])
        return {
            "inspect": json.dumps(inspected),
            "processes": json.dumps(client.top(container)),
            "environ": main + children,
            "logs": client.logs(container).decode(),
        }
    finally:
        client.close()


def names_of_processes(container: str) -> list[str]:
    return run_in(container, ["sh", "-c", "cat /proc/[0-9]*/comm"]).split()


def run_in(container: str, argv: list[str]) -> str:
    """What a command prints in a running container."""
    client = docker.APIClient(**kwargs_from_env())
    try:
        made = client.exec_create(container, argv)
        return bytes(client.exec_start(made["Id"])).decode(errors="replace")
    finally:
        client.close()


async def test_two_starts_at_once_share_no_container(desk: RealHouse) -> None:
    await up(desk)
    await until_waiting(desk.host)
    sessions = [await desk.start() for _ in range(3)]
    for session in sessions:
        await desk.is_up(session)
    assert len({desk.host.info(session).container for session in sessions}) == 3


async def test_commands_that_go_before_the_agent_run_in_each_container(desk: RealHouse, own_settings: Path) -> None:
    before = await to_thread.run_sync(own_settings.read_text)
    own = json.loads(before)
    container = {"image": IMAGE, "postCreateCommand": "echo made for it >/tmp/made"}
    await to_thread.run_sync((desk.workspace / ".devcontainer.json").write_text, json.dumps(container))
    await to_thread.run_sync(own_settings.write_text, json.dumps({**own, "docker": {"devcontainer": True}}))
    try:
        await up(desk)
        await until_waiting(desk.host)
        [spare] = await spares_of(desk.host)
        assert "made for" not in await to_thread.run_sync(run_in, spare.id, ["cat", "/tmp/made"])
        session = await up(desk)
        assert desk.host.info(session).container == spare.id
        assert "made for" in await to_thread.run_sync(run_in, spare.id, ["cat", "/tmp/made"])
    finally:
        await to_thread.run_sync(own_settings.write_text, before)
