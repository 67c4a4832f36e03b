"""The launcher in the shells that images have."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berth.engine.launch import Launch
from berth.engine.launch_output import LAUNCHER_EXITS, LaunchOutput
from berth.engine.launcher import (
    MAGIC,
    MAX_VARIABLE_BYTES,
    launch_command,
    launch_payload,
    waiting_command,
    whole_payload,
)
from berth.errors import BerthError, SettingsError

SHELLS = [[path] for name in ("dash", "bash") if (path := shutil.which(name))]
SHELLS += [[path, "ash"] for name in ("busybox",) if (path := shutil.which(name))]

AGENT = """
import json, os, sys
line = sys.stdin.buffer.readline()
environment = {os.fsdecode(k): os.fsdecode(v) for k, v in os.environb.items()}
print(json.dumps([environment, sys.argv[1:], os.getcwd(), os.fsdecode(line)]))
"""

names = st.from_regex(r"[A-Z][A-Z0-9_]{0,12}", fullmatch=True).map(lambda name: f"T_{name}")
values = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60)
shells = pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell[0]).name)


def launch(shell: Sequence[str], data: bytes) -> "subprocess.CompletedProcess[bytes]":
    command = [*shell, *launch_command()[1:]]
    return subprocess.run(
        command, check=False, input=data, capture_output=True, timeout=30, env={"PATH": os.environ["PATH"]}
    )


def became(shell: Sequence[str], environment: Mapping[str, str], *arguments: str) -> list[object]:
    payload = launch_payload(environment, (sys.executable, "-c", AGENT, *arguments), workdir="/")
    done = launch(shell, payload + b"the agent's line\n")
    assert done.stderr == b"berth-launcher: ready\nberth-launcher: exec\n"
    answer = json.loads(done.stdout)
    assert isinstance(answer, list)
    return answer


@shells
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(environment=st.dictionaries(names, values, max_size=5), arguments=st.lists(values, max_size=3))
def test_every_value_arrives_as_it_was(shell: list[str], environment: dict[str, str], arguments: list[str]) -> None:
    seen, argv, workdir, line = became(shell, environment, *arguments)
    assert isinstance(seen, dict)
    assert {name: seen[name] for name in environment} == environment
    assert (argv, workdir, line) == (arguments, "/", "the agent's line\n")


@shells
def test_awkward_values_and_thousands_of_variables_arrive(shell: list[str]) -> None:
    environment = {f"V{number}": "x" * 40 for number in range(3000)}
    environment |= {"LINES": "\n\n a\n b \n\n", "SPACES": "  'q' \"d\" $x `y` \\ \t ", "EMPTY": "", "IFS": "a:+"}
    environment |= {"BYTES": "".join(map(chr, [*range(1, 0x900), 0x2028, 0x1F600]))}
    seen, *_ = became(shell, environment)
    assert isinstance(seen, dict)
    assert {name: seen.get(name) for name in environment} == environment


@shells
def test_blank_lines_and_half_a_payload_before_the_payload_do_no_harm(shell: list[str]) -> None:
    half = f"\n\n{MAGIC}\n:LEFT=over\n+and\n:an argument\nA\n".encode()
    done = launch(shell, half + launch_payload({"A": "b"}, ("/bin/echo", "hello")))
    assert done.stdout == b"hello\n"


@shells
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (launch_payload({}, ("no-such-program",)), "agent-missing"),
        (launch_payload({}, ("/no/such/program",)), "agent-missing"),
        (launch_payload({}, ("true",), writable=("/proc",)), "workspace-not-writable"),
        (launch_payload({}, ("true",), workdir="/no such folder"), "workspace-missing"),
        (f"{MAGIC}\nnonsense\n".encode(), "agent-exited"),
    ],
)
def test_what_keeps_the_launcher_from_starting_is_an_error(shell: list[str], data: bytes, kind: str) -> None:
    done = launch(shell, data)
    signals, foreign = LaunchOutput().receive(done.stderr)
    assert done.returncode in LAUNCHER_EXITS
    assert signals[0] == "ready"
    assert isinstance(signals[1], BerthError)
    assert (signals[1].kind, foreign) == (kind, b"")


@shells
def test_a_program_whose_interpreter_is_missing_says_so(shell: list[str], tmp_path: Path) -> None:
    program = tmp_path / "agent"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    done = launch(shell, launch_payload({}, (str(program),)))
    output = LaunchOutput()
    output.receive(done.stderr)
    error = output.ended(done.returncode, "agent")
    assert error is not None
    assert "could not be executed" in error.message


@pytest.mark.parametrize("name", ["1A", "A-B", "", "A B", "UID", "PPID", "_berth_line", "Ä"])
def test_a_name_that_a_shell_does_not_take_is_refused_without_its_value(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        launch_payload({name: "sk-canary"}, ("agent",))
    assert repr(name) in caught.value.message
    assert "sk-canary" not in str(caught.value)


@pytest.mark.parametrize("value", ["a\0b", "x" * MAX_VARIABLE_BYTES])
def test_a_value_that_the_kernel_does_not_take_is_refused_without_it(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        launch_payload({"KEY": value}, ("agent",))
    assert value not in str(caught.value)


def test_more_than_a_process_can_be_given_is_refused() -> None:
    with pytest.raises(SettingsError):
        launch_payload({f"V{number}": "x" * 100_000 for number in range(25)}, ("agent",))


@pytest.mark.parametrize("argv", [(), ("",), ("-c",), ("agent", "a\0b")])
def test_a_command_that_cannot_be_executed_is_refused(argv: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError):
        launch_payload({}, argv)


def test_the_command_is_the_same_whatever_is_launched() -> None:
    launch_payload({"SECRET": "sk-canary"}, ("agent",))
    assert launch_command()[0] == "/bin/sh"
    assert "sk-canary" not in "".join(launch_command())


@shells
def test_a_read_only_path_that_can_be_written_keeps_the_agent_from_starting(shell: list[str], tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("[core]")
    for path in (tmp_path, file):
        done = launch(shell, whole_payload(Launch(("echo", "agent"), {}, sealed=(str(path),))))
        assert f"berth-launcher: not-sealed {path}" in done.stderr.decode()
        assert (done.returncode, done.stdout) == (74, b"")
    assert file.read_text() == "[core]"
    assert [found.name for found in tmp_path.iterdir()] == ["config"]


@shells
def test_what_refuses_to_be_written_is_sealed(shell: list[str]) -> None:
    done = launch(shell, whole_payload(Launch(("echo", "agent"), {"IFS": "a:+"}, sealed=("/proc", "/proc/self"))))
    assert done.stdout == b"agent\n"


@shells
def test_capabilities_that_nobody_gave_keep_the_agent_from_starting(shell: list[str]) -> None:
    status = Path("/proc/self/status").read_text()
    has = any(line.split()[1].strip("0") for line in status.splitlines() if line.startswith("CapEff"))
    may = "NoNewPrivs:\t0" in status
    done = launch(shell, whole_payload(Launch(("echo", "agent"), {"IFS": "a:+"}, powerless=True)))
    assert (b"has-powers" in done.stderr, done.stdout == b"") == (has or may, has or may)


@shells
def test_a_launcher_that_waits_for_its_session_ends_by_itself(shell: list[str]) -> None:
    with waiting(shell, 1) as launcher:
        assert launcher.wait(timeout=30) == -signal.SIGTERM


@shells
def test_a_launcher_that_got_its_session_in_time_is_not_ended(shell: list[str]) -> None:
    with waiting(shell, 1) as launcher:
        said, _ = launcher.communicate(launch_payload({}, ("/bin/sh", "-c", "sleep 1.5; echo hello")), timeout=30)
    assert (said, launcher.returncode) == (b"hello\n", 0)


@shells
def test_without_sleep_a_launcher_waits_on(shell: list[str], tmp_path: Path) -> None:
    with waiting(shell, 1, path=str(tmp_path)) as launcher:
        said, _ = launcher.communicate(launch_payload({}, ("/bin/echo", "hello")), timeout=30)
    assert (said, launcher.returncode) == (b"hello\n", 0)


def waiting(shell: Sequence[str], seconds: int, *, path: str = os.environ["PATH"]) -> "subprocess.Popen[bytes]":
    """A launcher that says that it is ready, with so many seconds to wait."""
    command = [*shell, *waiting_command(seconds)[1:]]
    pipe = subprocess.PIPE
    launcher = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={"PATH": path})
    assert launcher.stderr is not None
    while launcher.stderr.readline() != b"berth-launcher: ready\n":
        continue
    return launcher
