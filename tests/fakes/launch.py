"""The launcher of ``berth.engine.launcher``, done again in Python on a fake process."""

import posixpath
from collections.abc import Collection, Mapping

from berth.engine.launcher import AGENT_MISSING, MAGIC, NOT_WRITABLE, PAYLOAD_BROKEN
from tests.fakes.process import FakeProcess, Program


async def run_launcher(process: FakeProcess, programs: Mapping[str, Program], unwritable: Collection[str]) -> int:
    """Reads the payload and becomes the program it names."""
    process.print_error("berth-launcher: ready\n")
    launch = FakeLaunch()
    while (await process.stdin.read_line()).decode() != f"{MAGIC}\n":
        pass
    while not launch.complete:
        if not launch.take((await process.stdin.read_line()).decode("utf-8", "surrogateescape")[:-1]):
            process.print_error("berth-launcher: payload-broken\n")
            return PAYLOAD_BROKEN
    for path in launch.writable:
        if path in unwritable:
            process.print_error(f"berth-launcher: not-writable {path}\n")
            return NOT_WRITABLE
    program = programs.get(launch.argv[0]) or programs.get(posixpath.basename(launch.argv[0]))
    if program is None:
        process.print_error(f"berth-launcher: agent-missing {launch.argv[0]}\n")
        return AGENT_MISSING
    for name, argv in launch.before:
        status = 1 if argv[-1] == "exit 1" else 0
        process.print_error(f"berth-launcher: before {name}\nberth-launcher: after {status} {name}\n")
    process.print_error("berth-launcher: exec\n")
    workdir = launch.workdir or process.workdir
    process.argv, process.workdir = tuple(launch.argv), workdir
    process.environment = {**process.environment, **launch.environment}
    return await program(process) or 0


class FakeLaunch:
    """A payload as it is read."""

    def __init__(self) -> None:
        self._start_over()

    def _start_over(self) -> None:
        self.environment: dict[str, str] = {}
        self.argv: list[str] = []
        self.writable: list[str] = []
        self.workdir = ""
        self.before: list[tuple[str, list[str]]] = []
        self._name = ""
        self.complete = False
        self._value = ""

    def take(self, line: str) -> bool:
        """Takes one line; False when it makes no sense."""
        if line.startswith(":"):
            self._value = line[1:]
        elif line.startswith("+"):
            self._value += "\n" + line[1:]
        elif line == MAGIC:
            self._start_over()
        else:
            return self._do(line)
        return True

    def _do(self, letter: str) -> bool:
        match letter:
            case "E":
                name, _, value = self._value.partition("=")
                self.environment[name] = value
            case "A":
                self.argv.append(self._value)
            case "W":
                self.writable.append(self._value)
            case "D":
                self.workdir = self._value
            case "N":
                self._name = self._value
            case "R":
                self.before.append((self._name, self.argv))
                self.argv = []
            case "G":
                self.complete = True
            case _:
                return letter in "TOBPC"
        return True
