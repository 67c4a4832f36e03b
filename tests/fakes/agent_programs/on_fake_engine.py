"""The scripted agents as programs of the FakeEngine: ``FakeEngine(programs={"scripted": scripted_acp})``."""

from pathlib import Path

from tests.fakes.agent_programs.acp_agent import acp_agent
from tests.fakes.process import FakeProcess


async def scripted_acp(process: FakeProcess) -> int:
    """The scripted ACP agent. It really writes into the workspace: fake containers have no file system of their own."""
    return await acp_agent(process.stdin.read_line, process.print, host_path(process), process.argv[1:])


def host_path(process: FakeProcess) -> Path:
    """The host folder behind the working directory."""
    for mount in process.plan.mounts:
        if mount.type == "bind" and mount.target == process.workdir:
            return Path(mount.source)
    return Path(process.workdir)
