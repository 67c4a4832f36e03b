"""Files in containers: looked at and put there."""

import pytest

from berth.engine.base import NewFile
from berth.planning.plan import ContainerPlan, Mount
from tests.contract.test_confinement import shell
from tests.contract.world import REASON, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

HOME = "/home/agent"
SECRET = b"sk-canary-71b2"


def with_home(world: World) -> ContainerPlan:
    return world.plan(mounts=[Mount("volume", world.volume(), HOME, read_only=False, reason=REASON)])


async def test_a_program_is_seen_before_the_container_is_started(world: World) -> None:
    container = await world.create()
    found = await world.engine.file(container, "/bin/sh")
    assert found is not None
    assert (found.kind, found.mode & 0o111) == ("file", 0o111)


async def test_what_is_not_there_is_nothing_and_so_is_what_is_in_no_container(world: World) -> None:
    container = await world.create()
    assert await world.engine.file(container, "/nowhere/at all") is None
    assert await world.engine.file("0" * 64, "/bin/sh") is None


async def test_a_link_is_followed_to_where_it_leads(real: World) -> None:
    found = await real.engine.file(await real.create(), "/usr/bin/awk")
    assert found is not None
    assert (found.path, found.kind) == ("/usr/bin/mawk", "file")


async def test_folders_and_devices_are_told_from_files(real: World) -> None:
    container = await real.create()
    root, missing = await real.engine.file(container, "/root"), await real.engine.file(container, "/dev/null/x")
    assert root is not None
    assert (root.kind, root.mode, missing) == ("folder", 0o700, None)


async def test_what_was_put_into_a_volume_is_seen_in_the_next_container_with_it(world: World) -> None:
    plan = with_home(world)
    container = await world.create(plan)
    await world.engine.put(container, HOME, [NewFile(".agent/keys/auth.json", SECRET)], owner=plan.user)
    await world.engine.remove(container)
    container = await world.create(plan)
    found = await world.engine.file(container, f"{HOME}/.agent/keys/auth.json")
    folder = await world.engine.file(container, f"{HOME}/.agent")
    assert found is not None
    assert folder is not None
    assert (found.kind, found.mode, folder.kind, folder.mode) == ("file", 0o600, "folder", 0o700)


async def test_what_was_put_belongs_to_its_owner_and_replaces_what_was_there(real: World) -> None:
    plan = with_home(real)
    container = await real.create(plan)
    await real.engine.put(container, HOME, [NewFile(".agent/auth.json", b"old")], owner=plan.user)
    await real.engine.put(container, HOME, [NewFile(".agent/auth.json", SECRET)], owner=plan.user)
    stdout, _ = await shell(real, f"cd {HOME}/.agent && stat -c %u:%g:%a . auth.json && cat auth.json", plan=plan)
    assert stdout == b"1234:1234:700\n1234:1234:600\n" + SECRET


async def test_a_link_in_the_way_of_what_is_put_is_replaced_and_not_followed(real: World) -> None:
    plan = with_home(real)
    stdout, _ = await shell(real, f"mkdir /tmp/outside && ln -s /etc/passwd {HOME}/auth.json && echo made", plan=plan)
    assert stdout == b"made\n"
    container = await real.create(plan)
    await real.engine.put(container, HOME, [NewFile("auth.json", SECRET)], owner=plan.user)
    stdout, _ = await shell(real, f"cd {HOME} && stat -c %F auth.json && cat auth.json", plan=plan)
    assert stdout == b"regular file\n" + SECRET


async def test_files_are_put_into_a_running_container_as_well(real: World) -> None:
    plan = with_home(real)
    container = await real.run("trap", plan=plan)
    await real.says(container, b"waiting")
    await real.engine.put(container, HOME, [NewFile("note", b"here")], owner=plan.user)
    assert await real.engine.file(container, f"{HOME}/note") is not None
