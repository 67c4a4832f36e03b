"""A host that starts one session, prints the id of the spare that waits then, and lives until it is killed."""

import asyncio
import sys
from pathlib import Path

import anyio

from berth.engine.docker.engine import DockerEngine
from berth.host.commands import Commands
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol.commands import StartArguments
from tests.engine.test_spares import SETTINGS, spares_of
from tests.host.test_host import Editor
from tests.host.waiting import until_waiting


async def main(folder: Path) -> None:
    state = StateFolder(folder / "state")
    for path in (state.sessions, state.accounts, state.trust, state.modes):
        path.mkdir(parents=True, exist_ok=True)
    async with open_host(DockerEngine, state) as host:
        editor = Editor(folder / "workspace")
        editor.settings = SETTINGS
        host.attach(editor)
        await Commands(host).start(editor, StartArguments())
        with anyio.fail_after(60):
            await until_waiting(host)
        [spare] = await spares_of(host)
        sys.stdout.write(f"{spare.id}\n")
        sys.stdout.flush()
        await anyio.sleep_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
