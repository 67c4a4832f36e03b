"""Commands that run before the agent, and variables that refer to those of the container, in the shells of images."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from berth.engine.launch import Launch
from berth.engine.launch_output import LaunchOutput, LaunchSignal, Ran, Running
from berth.engine.launcher import launch_command, whole_payload
from berth.planning.preparation import Preparation
from berth.planning.reason import BUILT_IN

SHELLS = [[path] for name in ("dash", "bash") if (path := shutil.which(name))]
SHELLS += [[path, "ash"] for name in ("busybox",) if (path := shutil.which(name))]
shells = pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell[0]).name)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What ran is told by files outside of HOME, and these containers are this machine."""
    folder = Path("/var/tmp")
    before = set(folder.glob(".berth-ran-*"))
    yield
    for made in set(folder.glob(".berth-ran-*")) - before:
        made.unlink()


def shell_line(line: str, name: str = "postCreateCommand", *, once: bool = False) -> Preparation:
    return Preparation(name, ("/bin/sh", "-c", line), BUILT_IN, once=once)


def run(shell: list[str], launch: Launch, home: Path) -> "subprocess.CompletedProcess[str]":
    data = whole_payload(launch).decode() + "the agent's line\n"
    return subprocess.run(
        [*shell, *launch_command()[1:]],
        input=data,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
    )


def signals(done: "subprocess.CompletedProcess[str]") -> list[LaunchSignal]:
    found, foreign = LaunchOutput().receive(done.stderr.encode())
    assert foreign == b""
    return found


@shells
def test_a_command_runs_first_with_its_output_beside_the_agents(shell: list[str], tmp_path: Path) -> None:
    line = "echo $GREETING; echo err >&2; pwd; cat"
    launch = Launch(("head", "-n", "1"), {"GREETING": "hello"}, workdir="/usr", before=[shell_line(line)])
    done = run(shell, launch, tmp_path)
    assert done.stdout == "the agent's line\n"
    name = "postCreateCommand"
    said = [Running(name), *(Running(name, word) for word in ("hello", "err", "/usr")), Ran(name, 0)]
    assert signals(done) == ["ready", *said, "exec"]


@shells
def test_a_program_with_arguments_runs_without_a_shell(shell: list[str], tmp_path: Path) -> None:
    before = [Preparation("onCreateCommand", ("printf", "%s|", "a b", "$HOME", "'"), BUILT_IN)]
    done = run(shell, Launch(("printf", "%s", "agent"), {}, before=before), tmp_path)
    assert done.stdout == "agent"
    assert "a b|$HOME|'|" in done.stderr


@shells
@pytest.mark.parametrize("argv", [("exit",), ("set", "--", "x"), ("no-such-program",), ("false",)])
def test_after_a_failure_nothing_more_runs_but_the_agent(
    shell: list[str], argv: tuple[str, ...], tmp_path: Path
) -> None:
    before = [Preparation("first", argv, BUILT_IN), shell_line("echo second", "second")]
    done = run(shell, Launch(("echo", "agent"), {}, before=before), tmp_path)
    assert done.stdout == "agent\n"
    ended = [signal for signal in signals(done) if isinstance(signal, Ran)]
    assert [signal.name for signal in ended] == ["first"]
    assert ended[0].status != 0


@shells
def test_what_runs_once_runs_once_for_each_container_and_again_after_a_failure(
    shell: list[str], tmp_path: Path
) -> None:
    once = shell_line("echo x >>$HOME/ran; test -e $HOME/ready", once=True)
    each = shell_line("echo y >>$HOME/ran", "postStartCommand")
    container = tmp_path.name + shell[0]
    for ready, which in ((False, container), (True, container), (True, container), (True, container + "2")):
        if ready:
            (tmp_path / "ready").touch()
        run(shell, Launch(("true",), {}, before=[once, each], container=which), tmp_path)
    assert (tmp_path / "ran").read_text().split() == ["x", "x", "y", "y", "x", "y"]


@shells
def test_nobody_waits_for_what_runs_in_the_background(shell: list[str], tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    subprocess.run(["mkfifo", fifo], check=True, timeout=10)
    beside = Preparation("postAttachCommand", ("/bin/sh", "-c", f"echo here >{fifo}"), BUILT_IN, background=True)
    done = run(shell, Launch(("cat", str(fifo)), {}, before=[beside]), tmp_path)
    assert done.stdout == "here\n"


@shells
def test_variables_can_refer_to_those_of_the_container(shell: list[str], tmp_path: Path) -> None:
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    environment = {
        "PATH": "${containerEnv:PATH}:/more",
        "BOTH": "a${containerEnv:GIVEN}b${containerEnv:NONE:c d}",
        "GIVEN": "g'\n$x",
        "EMPTY": "${containerEnv:NONE}",
        "LITERAL": "${containerEnv:PATH}",
    }
    expanding = frozenset({"PATH", "BOTH", "EMPTY"})
    done = run(shell, Launch((sys.executable, "-c", program), environment, expanding=expanding), tmp_path)
    seen = json.loads(done.stdout)
    assert {name: seen[name] for name in environment} == {
        "PATH": "/usr/bin:/bin:/more",
        "BOTH": "ag'\n$xbc d",
        "GIVEN": "g'\n$x",
        "EMPTY": "",
        "LITERAL": "${containerEnv:PATH}",
    }


@shells
def test_a_name_that_is_none_is_not_evaluated(shell: list[str], tmp_path: Path) -> None:
    data = "berth-payload 1\n:x}$(touch evaluated)\nV\n:X\nX\n:true\nA\nG\n"
    command = [*shell, *launch_command()[1:]]
    done = subprocess.run(command, input=data, capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path)
    assert done.returncode == 65
    assert list(tmp_path.iterdir()) == []
