"""What runs in the containers of the contract suite: each program once as a shell script, once for the FakeEngine."""

from collections.abc import Mapping

import anyio.lowlevel

from tests.fakes.process import FakeProcess, KilledError, Program

ROUNDS = 150
LONG = "x" * 40_000

SCRIPTS: Mapping[str, str] = {
    "report": 'printf "%s|%s|%s\\n" "$VALUE" "$1" "$PWD"; IFS= read -r line; printf "%s\\n" "$line"',
    "echo-two": "read -r a; echo $a; read -r b; echo $b",
    "exit-seven": "echo out; echo err >&2; exit 7",
    "wait": "echo waiting; read -r line",
    "trap": 'trap "echo caught; exit 5" TERM; echo waiting; while :; do sleep 0.05; done',
    # Written in pieces, so that a reader sees many reads; a long line now and then, so that stamps repeat.
    "count": f"""
        long=$(printf '%040000d' 0 | tr 0 x)
        i=0; while [ $i -lt {ROUNDS} ]; do
            echo "out $i"; echo "out $i again"; echo "err $i" >&2
            [ $((i % 25)) -ne 24 ] || echo "$long"
            sleep 0.01; i=$((i + 1))
        done""",
    "swallow": "head -c 5000000 | wc -c | tr -d ' '",
    "hungry": "exec tail /dev/zero",
    "crowd": "echo waiting; (i=0; while [ $i -lt 40 ]; do sleep 60 & i=$((i + 1)); done) 2>/dev/null; read -r line",
}

COUNTED_OUT = "".join(
    f"out {i}\nout {i} again\n" + (f"{LONG}\n" if i % 25 == 24 else "") for i in range(ROUNDS)
).encode()
COUNTED_ERR = "".join(f"err {i}\n" for i in range(ROUNDS)).encode()


async def _report(process: FakeProcess) -> int:
    process.print(f"{process.environment['VALUE']}|{process.argv[1]}|{process.workdir}\n")
    process.print(await process.stdin.read_line())
    return 0


async def _echo_two(process: FakeProcess) -> int:
    process.print(await process.stdin.read_line())
    process.print(await process.stdin.read_line())
    return 0


async def _exit_seven(process: FakeProcess) -> int:
    process.print("out\n")
    process.print_error("err\n")
    return 7


async def _wait(process: FakeProcess) -> int:
    process.print("waiting\n")
    await process.stdin.read_line()
    return 0


async def _trap(process: FakeProcess) -> int:
    process.handled.add("SIGTERM")
    signalled = process.signalled
    process.print("waiting\n")
    await signalled.wait()
    process.print("caught\n")
    return 5


async def _count(process: FakeProcess) -> int:
    for i in range(ROUNDS):
        process.print(f"out {i}\n")
        process.print(f"out {i} again\n")
        process.print_error(f"err {i}\n")
        if i % 25 == 24:
            process.print(f"{LONG}\n")
        await anyio.lowlevel.checkpoint()
    return 0


async def _swallow(process: FakeProcess) -> int:
    taken = 0
    while taken < 5_000_000:
        taken += len(await process.stdin.read())
    process.print(f"{taken}\n")
    return 0


async def _hungry(_: FakeProcess) -> int:
    raise KilledError(137, out_of_memory=True)


PROGRAMS: Mapping[str, Program] = {
    "report": _report,
    "echo-two": _echo_two,
    "exit-seven": _exit_seven,
    "wait": _wait,
    "crowd": _wait,
    "trap": _trap,
    "count": _count,
    "swallow": _swallow,
    "hungry": _hungry,
}
