"""What a container may and may not, and what nobody can read from outside. On real engines only."""

import json
from pathlib import Path

import anyio
import anyio.to_thread
import docker
import pytest

from berth.engine.base import LABEL
from berth.engine.launch_output import LaunchOutput, LaunchSignal
from berth.engine.launcher import launch_command, launch_payload
from berth.errors import BerthError, ImageError
from berth.planning.image_plan import BuildRecipe
from berth.planning.plan import ContainerPlan, Mount
from tests.contract.world import REASON, SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

SECRET = "sk-canary-5f1e"


async def shell(
    world: World, script: str, *, plan: ContainerPlan | None = None, writable: tuple[str, ...] = ()
) -> tuple[bytes, list[LaunchSignal]]:
    """Runs a script under the launcher; its stdout, and what the launcher said."""
    container = await world.create(plan)
    await world.engine.start(container)
    payload = launch_payload({"SECRET": SECRET}, ("/bin/sh", "-c", script), writable=writable)
    await world.write(container, payload)
    launch, stdout = LaunchOutput(), b""
    signals: list[LaunchSignal] = []
    with anyio.fail_after(SECONDS):
        async with world.engine.output(container) as outputs:
            async for output in outputs:
                if output.stream == "stdout":
                    stdout += output.data
                else:
                    signals += launch.receive(output.data)[0]
    return stdout, signals


async def inspected(world: World, container: str) -> str:
    def ask() -> str:
        client = docker.DockerClient(world.address, version="auto")
        try:
            return json.dumps(client.api.inspect_container(container))
        finally:
            client.close()

    return await anyio.to_thread.run_sync(ask)


async def test_a_new_home_volume_belongs_to_the_user_and_keeps_what_was_written(real: World) -> None:
    mount = Mount("volume", real.volume(), "/home/agent", read_only=False, reason=REASON)
    plan = real.plan(mounts=[mount])
    stdout, _ = await shell(real, "echo kept > /home/agent/note && stat -c %u:%g /home/agent", plan=plan)
    assert stdout == b"1234:1234\n"
    stdout, _ = await shell(real, "cat /home/agent/note", plan=plan, writable=("/home/agent",))
    assert stdout == b"kept\n"


def half_prepared(world: World) -> str:
    """A volume that somebody made, and began to prepare, and then was no more."""
    name, client = world.volume(), docker.APIClient(world.address, version="auto")
    try:
        client.create_volume(name)
        mounts = client.create_host_config(binds=[f"{name}:/home/agent"])
        labels = {f"{LABEL}.prepares": "volumes", **world.labels}
        client.create_container(world.image, "true", labels=labels, host_config=mounts)
    finally:
        client.close()
    return name


async def test_a_home_volume_whose_preparation_nobody_finished_is_prepared_again(real: World) -> None:
    name = await anyio.to_thread.run_sync(half_prepared, real)
    plan = real.plan(mounts=[Mount("volume", name, "/home/agent", read_only=False, reason=REASON)])
    stdout, _ = await shell(real, "stat -c %u:%g /home/agent", plan=plan)
    assert stdout == b"1234:1234\n"


async def test_a_volume_whose_preparation_nobody_finished_can_be_removed(real: World) -> None:
    name = await anyio.to_thread.run_sync(half_prepared, real)
    await real.engine.remove_volume(name)
    assert name not in [volume.name for volume in await real.engine.named_volumes({})]


async def test_a_home_volume_comes_with_what_the_image_has_there_and_still_belongs_to_the_user(
    real: World, tmp_path: Path
) -> None:
    base = f"localhost/{real.image}" if real.engine_name == "podman" else real.image
    (tmp_path / "Dockerfile").write_text(f"FROM {base}\nRUN mkdir -p /home/agent && echo skeleton > /home/agent/.rc\n")
    recipe = BuildRecipe(tmp_path, "Dockerfile", {}, real.tag())
    async with real.engine.build(recipe) as steps:
        assert [step async for step in steps]
    mount = Mount("volume", real.volume(), "/home/agent", read_only=False, reason=REASON)
    plan = real.plan(mounts=[mount], image=recipe.tag)
    script = "echo kept > /home/agent/note && cat /home/agent/.rc && stat -c %u /home/agent"
    assert (await shell(real, script, plan=plan))[0] == b"skeleton\n1234\n"


async def test_no_value_is_in_inspect_nor_in_a_process_list(real: World) -> None:
    container = await real.create()
    await real.engine.start(container)
    payload = launch_payload({"SECRET": SECRET}, ("/bin/sh", "-c", "echo up; sleep 60"))
    await real.write(container, payload)
    await real.says(container, b"up")
    assert SECRET not in await inspected(real, container)
    processes = await anyio.run_process(["ps", "-ef", "-ww"])
    assert SECRET.encode() not in processes.stdout
    assert b"launcher" in await real.engine.tail(container, lines=10)
    assert SECRET.encode() not in await real.engine.tail(container, lines=10)


async def test_a_folder_the_user_cannot_write_in_is_named_before_the_agent_starts(real: World, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    mount = Mount("bind", str(closed), "/work", read_only=False, reason=REASON)
    stdout, signals = await shell(real, "echo ran", plan=real.plan(mounts=[mount]), writable=("/work",))
    assert stdout == b""
    error = signals[-1]
    assert isinstance(error, BerthError)
    assert (error.kind, "/work" in error.message) == ("workspace-not-writable", True)


async def test_the_write_test_leaves_nothing_behind(real: World, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    mount = Mount("bind", str(folder), "/work", read_only=False, reason=REASON)
    stdout, signals = await shell(real, "echo ran", plan=real.plan(mounts=[mount]), writable=("/work",))
    assert (stdout, signals) == (b"ran\n", ["ready", "exec"])
    assert list(folder.iterdir()) == []


async def test_a_program_that_the_image_lacks_is_named(real: World) -> None:
    container = await real.create()
    await real.engine.start(container)
    await real.write(container, launch_payload({}, ("no-such-agent", "--acp")))
    with anyio.fail_after(SECONDS):
        facts = await real.engine.wait(container)
    signals, _ = LaunchOutput().receive(await real.engine.tail(container, lines=5))
    assert facts is not None
    assert facts.exit_code == 69
    assert isinstance(signals[-1], ImageError)
    assert (signals[-1].kind, "no-such-agent" in signals[-1].message) == ("agent-missing", True)


async def test_the_process_has_no_capability_and_may_gain_none(real: World) -> None:
    stdout, _ = await shell(real, "grep -E 'Cap(Eff|Prm|Bnd)|NoNewPrivs|Seccomp:' /proc/self/status; id -u; ulimit -c")
    zero = b"0000000000000000"
    assert stdout.count(zero) == 3
    assert b"NoNewPrivs:\t1" in stdout
    assert b"Seccomp:\t2" in stdout
    assert stdout.endswith(b"1234\n0\n")


async def test_the_limits_are_those_of_the_plan(real: World) -> None:
    host = json.loads(await inspected(real, await real.create()))["HostConfig"]
    limits = real.plan().limits
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (limits.memory, limits.memory, limits.pids)
    assert host["NanoCpus"] == 1_000_000_000 or host["CpuQuota"] == host["CpuPeriod"]
    assert host["ShmSize"] == limits.shm
    assert host["RestartPolicy"]["Name"] in ("no", "")
    assert host["Privileged"] is False


async def test_what_is_printed_is_kept_only_up_to_the_bound(real: World) -> None:
    host = json.loads(await inspected(real, await real.create()))["HostConfig"]
    if real.engine_name == "docker":
        assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "64m", "max-file": "3"}}
    else:
        # Podman's own name for its file log, which takes a size but no number of files.
        assert host["LogConfig"]["Type"] in ("k8s-file", "json-file")


async def test_scripts_run_from_tmp_and_the_host_has_a_name(real: World) -> None:
    script = "printf '#!/bin/sh\\necho ran\\n' > /tmp/s; chmod +x /tmp/s; /tmp/s; getent hosts host.docker.internal"
    stdout, _ = await shell(real, script)
    ran, host = stdout.decode().splitlines()
    assert ran == "ran"
    assert host.split()[0].count(".") == 3


async def test_an_image_without_a_shell_says_so(real: World, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    recipe = BuildRecipe(tmp_path, "Dockerfile", {}, real.tag())
    async with real.engine.build(recipe) as steps:
        assert [step async for step in steps]
    container = await real.engine.create(real.plan(image=recipe.tag), name=real.name(), command=launch_command())
    assert (await _why_it_cannot_start(real, container)) == "image-lacks-shell"


async def test_the_shell_argv_opens_a_shell_over_the_same_engine(real: World) -> None:
    container = await real.run("wait")
    argv = [word for word in real.engine.shell(container, {}) if word != "-it"]
    assert argv[0] == real.engine_name
    argv[-1] = "echo in $0"
    done = await anyio.run_process(argv, check=True)
    assert done.stdout == b"in /bin/sh\n"


async def _why_it_cannot_start(real: World, container: str) -> str:
    try:
        await real.engine.start(container)
    except BerthError as error:
        return error.kind
    with anyio.fail_after(SECONDS):
        facts = await real.engine.wait(container)
    reason = LaunchOutput().ended(facts.exit_code if facts else None, "agent")
    return reason.kind if reason else ""
