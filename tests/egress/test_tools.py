"""Every tool of Berth's own image gets out by the door, each against a stand-in of its own kind, and none by itself.

pip, cargo and go are not in that image.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from berth.protocol.commands import PromptArguments
from berth.settings.scopes import ScopedSection
from tests.egress.field import BASE
from tests.egress.stand_in import stand_in
from tests.engine.real_house import RealHouse, real_house

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.agents, pytest.mark.timeout(600)]

START = 500.0
"""Seconds. The first start on a machine builds the image."""

TOOLS = {
    "curl": "curl -sS $AT/page",
    "curl, tunnelled": "curl -sS --proxytunnel $AT/page",
    "git": "git clone -q $AT/repository.git /tmp/cloned && cat /tmp/cloned/file",
    "npm": "cd /tmp && npm install --silent --no-audit --no-fund --registry $AT stand-in && ls node_modules",
    "node": "node -e 'fetch(process.env.AT + \"/page\").then(r => r.text()).then(console.log)'",
    "python": 'python3 -c \'import os, urllib.request as u; print(u.urlopen(os.environ["AT"] + "/page").read())\'',
    "apt": 'mkdir -p /tmp/apt/lists/partial /tmp/apt/cache && echo "deb [trusted=yes] $AT/debian ./" >/tmp/apt/list && '
    "apt-get -qq -o Dir::Etc::SourceList=/tmp/apt/list -o Dir::Etc::SourceParts=- -o Dir::State::Lists=/tmp/apt/lists "
    "-o Dir::Cache=/tmp/apt/cache -o APT::Sandbox::User= update && ls /tmp/apt/lists | grep Release",
}
ALONE = {
    "curl": "curl -sS --noproxy '*' $AT/page",
    "curl by address": "curl -sS --noproxy '*' http://192.0.2.1/",
    "node's own sockets": 'node -e \'require("net").connect(80, "192.0.2.1").on("connect", () => console.log("out"))\'',
    "getent": "getent hosts example.com",
    "ssh's port": "timeout 5 bash -c 'echo >/dev/tcp/192.0.2.1/22'",
}
AGENT = """
while IFS= read -r line; do
  begun=$(date +%s%N)
  said=$(bash -c "$line" 2>&1 | tr '\\n' ' ')
  echo "done ${#line} $((($(date +%s%N) - begun) / 1000000)) ms: $said"
done
"""


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[RealHouse, str]]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "served").mkdir()
    with stand_in(tmp_path / "served") as port:
        async with real_house(tmp_path, {}) as made:
            inherited = {name: os.environ[name] for name in ("NODE_EXTRA_CA_CERTS",) if name in os.environ}
            made.editor.environment = {**made.editor.environment, **inherited, "BERTH_BASE_IMAGE": BASE}
            made.editor.settings = ScopedSection(
                user={
                    "agent": "tools",
                    "agents": {"tools": {"command": ["bash", "-c", AGENT], "dialect": "lines"}},
                    "docker": {"network": {"mode": "allowlist", "allow": [f"host.docker.internal:{port}"]}},
                },
                trusted=True,
            )
            try:
                yield made, f"http://host.docker.internal:{port}"
            finally:
                await made.clear()


async def said_of(house: RealHouse, session: str, line: str) -> str:
    """What a line of shell prints in the session, with how long it took."""
    before = len(house.said())
    await house.commands.prompt(house.editor, PromptArguments(session=session, text=line))
    await house.editor.until(lambda: f"done {len(line)} " in house.said()[before:], seconds=90)
    return house.said()[before:]


async def test_every_tool_gets_out_by_the_door_and_none_by_itself(house: tuple[RealHouse, str]) -> None:
    made, at = house
    session = await made.start(env={"AT": at})
    await made.editor.until(lambda: made.host.info(session).state.value in ("idle", "failed"), seconds=START)
    expected = {"git": "cloned", "npm": "stand-in", "apt": "Release"}
    for name, line in TOOLS.items():
        assert expected.get(name, "the page") in await said_of(made, session, line), name
    for name, line in ALONE.items():
        said = await said_of(made, session, line)
        assert "the page" not in said, name
        assert "out" not in said.split(": ", 1)[1].split(), name
        assert int(said.partition("done ")[2].split()[1]) < 3000, f"{name} hung: {said}"
