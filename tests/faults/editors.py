"""Scenarios: what editors, relays and a shared host do to each other; and a host that stands still."""

import os
import signal

import anyio

from tests.faults.account import Account
from tests.faults.desk import Desk
from tests.faults.scenarios import pause


async def relay_killed(desk: Desk, account: Account) -> None:
    """The relay is killed twice while the agent speaks: the host goes on, and the next editor sees everything."""
    await desk.move(BERTH_SHARE="1")
    host = await desk.shared_host()
    await desk.start(prompt="name=p1 count=400 gap=0.005")
    await desk.until("working")
    for _ in range(2):
        await pause(0.5)
        await desk.again()
    if await desk.shared_host() != host:
        account.wrong.append("the host is another")
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def shared_host_killed(desk: Desk, account: Account) -> None:
    """The shared host is killed while the agent speaks: its relay ends, so that the editor starts another."""
    await desk.move(BERTH_SHARE="1")
    await desk.start(prompt="name=p1 count=400 gap=0.005")
    await desk.until("working")
    await pause(0.5)
    os.kill(await desk.shared_host(), signal.SIGKILL)
    if await desk.editor.status() != 1:
        account.wrong.append("the relay ended as if nothing had happened")
    await desk.again()
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def both_killed(desk: Desk, account: Account) -> None:
    """Relay and shared host are killed at once, with a permission open."""
    await desk.move(BERTH_SHARE="1")
    await desk.start(prompt="name=p1 count=3 ask=1")
    await desk.until("waiting")
    await pause(0.05)
    os.kill(await desk.shared_host(), signal.SIGKILL)
    await desk.again()
    info = await desk.until("waiting")
    await desk.command("agent.respond", request=info["inputNeeded"][0]["request"], option="yes")
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def two_answer(desk: Desk, account: Account) -> None:
    """Two editors answer one question at once: one wins, the other is told so, and both see the same."""
    await desk.move(BERTH_SHARE="1")
    async with desk.another_editor() as other:
        await desk.start(prompt="name=p1 ask=1")
        info = await desk.until("waiting")
        request = info["inputNeeded"][0]["request"]
        wishes = {"yes": desk.editor, "no": other}
        asked = {
            option: await editor.ask(
                "workspace/executeCommand",
                {
                    "command": "agent.respond",
                    "arguments": [{"session": desk.session, "request": request, "option": option}],
                },
            )
            for option, editor in wishes.items()
        }
        replies = {option: await editor.reply(asked[option]) for option, editor in wishes.items()}
        await desk.until_turns(1)
    won = [option for option, reply in replies.items() if "error" not in reply]
    lost = [reply["error"]["data"]["kind"] for reply in replies.values() if "error" in reply]
    if len(won) != 1 or lost != ["already-answered"] or [f"[answered {won[0]}]"] != (await desk.told())[-1:]:
        account.wrong.append(f"{won} won, the others got {lost}, the agent got {(await desk.told())[-1:]}")
    await desk.count(account, prompts=1)


async def stdin_closed(desk: Desk, account: Account) -> None:
    """The editor's stdin closes without a word: the host ends well, the session goes on with the next."""
    await _closes(desk, account)


async def stdin_closed_shared(desk: Desk, account: Account) -> None:
    """The editor's stdin closes without a word on a shared host, which goes on."""
    await desk.move(BERTH_SHARE="1")
    host = await desk.shared_host()
    await _closes(desk, account)
    if await desk.shared_host() != host:
        account.wrong.append("the host is another")


async def host_frozen(desk: Desk, account: Account) -> None:
    """The host stands still (SIGSTOP) for 3 s while the agent speaks."""
    await _freeze(desk, account, 3)


async def host_frozen_long(desk: Desk, account: Account) -> None:
    """The host stands still for 30 s: longer than any patience of ours."""
    await _freeze(desk, account, 30)


async def _freeze(desk: Desk, account: Account, seconds: float) -> None:
    await desk.start(prompt="name=p1 count=2000 gap=0.005")
    await desk.until("working")
    await pause(0.5)
    desk.editor.process.send_signal(signal.SIGSTOP)
    await anyio.sleep(seconds)
    desk.editor.process.send_signal(signal.SIGCONT)
    await desk.until_turns(1)
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(2)
    await desk.count(account, prompts=2)


async def _closes(desk: Desk, account: Account) -> None:
    await desk.start(prompt="name=p1 count=600 gap=0.005")
    await desk.until("working")
    await pause(0.5)
    stdin = desk.editor.process.stdin
    assert stdin is not None
    await stdin.aclose()
    status = await desk.editor.status()
    if status not in (0, 1):
        account.wrong.append(f"ended with {status}")
    await desk.again()
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


EDITORS = (
    relay_killed,
    shared_host_killed,
    both_killed,
    two_answer,
    stdin_closed,
    stdin_closed_shared,
    host_frozen,
)
LONG = (host_frozen_long,)
