"""What goes in and comes out: exactly, across any number of connections."""

import anyio.lowlevel
import pytest

from berth.engine.agent_input import Input
from berth.engine.base import Output
from berth.engine.launcher import launch_payload
from berth.errors import BerthError
from tests.contract.scenarios import COUNTED_ERR, COUNTED_OUT, LONG
from tests.contract.world import SECONDS, World, split

pytestmark = pytest.mark.anyio

AWKWARD = "two\nlines, 'quotes', \"more\", $HOME `date` \\ \t trailing  \n\nü€😀"


async def test_the_payload_brings_environment_arguments_and_the_bytes_that_follow(world: World) -> None:
    container = await world.create()
    await world.runner.start(container)
    payload = launch_payload({"VALUE": AWKWARD}, world.argv("report", "an argument"), workdir="/var")
    await world.write(container, payload + b"the agent's own line\n")
    stdout, _ = await world.printed(container)
    assert stdout.decode() == f"{AWKWARD}|an argument|/var\nthe agent's own line\n"


async def test_stdin_written_before_the_start_is_read_after_it(world: World) -> None:
    container = await world.create()
    stdin = await world.runner.open_input(container)
    await world.runner.start(container)
    await stdin.write(launch_payload({"VALUE": "v"}, world.argv("report", "a")) + b"line\n")
    stdout, _ = await world.printed(container)
    await stdin.aclose()
    assert stdout == b"v|a|/tmp\nline\n"


async def test_stdin_stays_open_when_its_writer_leaves_and_another_comes(world: World) -> None:
    container = await world.run("echo-two")
    # Docker copies what two writers wrote side by side: the second one must not come before the launcher has its words.
    await world.says(container, b"berth-launcher: exec")
    await world.write(container, b"first\n")
    await world.says(container, b"first")
    await world.write(container, b"second\n")
    assert (await world.printed(container))[0] == b"first\nsecond\n"


async def test_five_megabytes_of_stdin_arrive_whole(world: World) -> None:
    container = await world.run("swallow")
    await world.write(container, b"x" * 5_000_000)
    assert (await world.printed(container))[0] == b"5000000\n"


async def test_writing_to_an_ended_container_says_so(world: World) -> None:
    container = await world.run("wait")
    stdin = await world.runner.open_input(container)
    await stdin.write(b"\n")
    await world.printed(container)
    with anyio.fail_after(SECONDS), pytest.raises(BerthError) as caught:
        await _write_for_ever(stdin)
    await stdin.aclose()
    assert caught.value.kind == "container-gone"


async def test_output_is_whole_and_each_stream_in_order(world: World) -> None:
    assert await world.printed(await world.run("count")) == (COUNTED_OUT, COUNTED_ERR)


async def test_output_of_an_ended_container_is_read_from_its_beginning(world: World) -> None:
    container = await world.run("count")
    with anyio.fail_after(SECONDS):
        await world.runner.wait(container)
    assert await world.printed(container) == (COUNTED_OUT, COUNTED_ERR)


async def test_eighty_resumptions_lose_nothing_and_repeat_nothing(world: World) -> None:
    container = await world.run("count")
    outputs: list[Output] = []
    resumptions = 0
    with anyio.fail_after(SECONDS):
        while resumptions < 80:
            cursor = outputs[-1].cursor if outputs else ""
            async with world.runner.output(container, since=cursor) as following:
                outputs.append(await anext(aiter(following)))
            resumptions += 1
        async with world.runner.output(container, since=outputs[-1].cursor) as following:
            outputs.extend([output async for output in following])
    assert split(outputs) == (COUNTED_OUT, COUNTED_ERR)


async def test_reading_again_from_the_last_cursor_of_an_ended_container_gives_nothing(world: World) -> None:
    container = await world.run("count")
    outputs: list[Output] = []
    with anyio.fail_after(SECONDS):
        async with world.runner.output(container) as following:
            outputs.extend([output async for output in following])
        async with world.runner.output(container, since=outputs[-1].cursor) as following:
            assert [output async for output in following] == []


async def test_output_can_be_resumed_from_every_cursor_that_was_given(world: World) -> None:
    container = await world.run("exit-seven")
    with anyio.fail_after(SECONDS):
        async with world.runner.output(container) as following:
            outputs = [output async for output in following]
        for position, output in enumerate(outputs):
            async with world.runner.output(container, since=output.cursor) as following:
                rest = [again async for again in following]
            assert b"".join(o.data for o in rest) == b"".join(o.data for o in outputs[position + 1 :])


async def test_the_tail_is_the_last_lines(world: World) -> None:
    container = await world.run("count")
    await world.printed(container)
    tail = await world.runner.tail(container, lines=3)
    assert LONG[-1000:].encode() in tail
    assert b"out 0\n" not in tail


async def test_output_of_what_is_gone_says_so(world: World) -> None:
    with pytest.raises(BerthError) as caught:
        async with world.runner.output("0" * 64):
            raise AssertionError("there is nothing to read")
    assert caught.value.kind == "container-gone"


async def test_a_restarted_container_goes_on_in_the_same_log(world: World) -> None:
    container = await world.run("exit-seven")
    outputs: list[Output] = []
    with anyio.fail_after(SECONDS):
        async with world.runner.output(container) as following:
            outputs.extend([output async for output in following])
        await world.runner.start(container)
        await world.write(container, launch_payload({}, world.argv("exit-seven")))
        async with world.runner.output(container, since=outputs[-1].cursor) as following:
            again = [output async for output in following]
    assert split(again) == (b"out\n", b"err\n")


async def _write_for_ever(stdin: Input) -> None:
    while True:
        await stdin.write(b"more\n")
        await anyio.lowlevel.checkpoint()
