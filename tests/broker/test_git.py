"""Git with a login that the session does not have: the real git, led to the broker, against git's own HTTP server."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import pytest

from berth.errors import SettingsError
from berth.planning.explain import explain
from berth.planning.plan import SessionPlan
from berth.sessions.egress.keys import with_keys
from berth.sessions.egress.orders import set_order
from berth.settings.origin import LayerName
from berth_egress.credentials import read_credentials
from berth_egress.errand import Errand
from berth_egress.holder import BROKER as PORT
from berth_egress.lane import Lane
from tests.broker.hub import Hub, serving_hub
from tests.planning.plans import Case

pytestmark = pytest.mark.anyio

USER, PASSWORD = "ada", "ghp-canary-0123456789abcdef"


def planned(*entries: str, layer: LayerName = "user") -> SessionPlan:
    docker = {"network": {"mode": "allowlist"}, "defaultImage": "x"}
    layers: dict[LayerName, object] = {"user": {"docker": docker}}
    layers[layer] = {"docker": {**(docker if layer == "user" else {}), "git": list(entries)}}
    return Case(layers=layers, facts={"sentinel": "of this plan"}).plan()


@dataclass
class Session:
    """Git as it is in a session."""

    folder: Path
    variables: dict[str, str]

    async def git(self, *words: str) -> str:
        """What git prints, both of it; it may fail."""
        ordinary = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_TERMINAL_PROMPT": "0"}
        named = {f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        with anyio.fail_after(60):
            done = await anyio.run_process(
                ["git", *words], env={**ordinary, **named, **self.variables}, cwd=self.folder, check=False
            )
        return (done.stdout + done.stderr).decode()


@asynccontextmanager
async def session(hub: Hub, folder: Path, *entries: str) -> AsyncIterator[Session]:
    """A session whose broker has git's login, and takes it to the hub."""
    plan = planned(*entries)
    fetched = (await with_keys(plan.network)).credentials
    keys = tuple(replace(key, url=f"http://127.0.0.1:{hub.port}", inside=True) for key in fetched.keys)
    order = set_order("l", replace(plan.network, credentials=replace(fetched, keys=keys)), hold=0)
    lane = Lane("test", lambda _: None)
    lane.entrust(read_credentials(json.loads(json.dumps(order))))
    variables = {variable.name: variable.value for variable in plan.agent.environment}
    with socket.create_server(("127.0.0.1", PORT)) as door:
        serving = asyncio.ensure_future(_serve(door, lane))
        try:
            yield Session(folder, {name: value for name, value in variables.items() if name.startswith("GIT_CONFIG")})
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def _serve(door: socket.socket, lane: Lane) -> None:
    door.settimeout(0.0)
    async with asyncio.TaskGroup() as tasks:
        while True:
            client, _ = await asyncio.get_running_loop().sock_accept(door)
            tasks.create_task(Errand(lane, client).run())


@pytest.fixture
def logins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whose git knows a login for one host."""
    (tmp_path / "logins").write_text(f"https://{USER}:{PASSWORD}@hub.example\n")
    config = tmp_path / "users.gitconfig"
    config.write_text(f"[credential]\n\thelper = store --file={tmp_path / 'logins'}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))


@pytest.mark.usefixtures("logins")
async def test_git_fetches_and_pushes_with_a_login_that_it_does_not_have(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serving_hub(tmp_path / "hub") as hub:
        async with session(hub, home, "hub.example/team") as here:
            await here.git("clone", "-q", "https://hub.example/team/project.git", "work")
            (home / "work" / "file").write_text("x" * 3_000_000)
            await here.git("-C", "work", "add", "file")
            await here.git("-C", "work", "commit", "-qm", "one")
            said = await here.git("-C", "work", "push", "-q", "origin", "HEAD:main")
            again = await here.git("clone", "-q", "-b", "main", "git@hub.example:team/project.git", "again")
            deeper = await here.git("ls-remote", "https://hub.example/team/deeper/project")
    assert (said, again, "fatal" in deeper) == ("", "", False)
    assert (home / "again" / "file").stat().st_size == 3_000_000
    pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert {shown for _, shown in hub.seen} == {f"Basic {pair}"}
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in everything + json.dumps(here.variables).encode()


@pytest.mark.usefixtures("logins")
async def test_it_is_for_what_is_listed_only(tmp_path: Path) -> None:
    with serving_hub(tmp_path / "hub") as hub:
        async with session(hub, tmp_path, "hub.example/team/project") as here:
            assert "fatal" not in await here.git("ls-remote", "https://hub.example/team/project.git")
            seen = len(hub.seen)
            led = "http://127.0.0.1:19129/git/hub.example/"
            shown = here.variables["GIT_CONFIG_VALUE_3"]
            for path in (
                "other/project",
                "team/projects",
                "team/project/../../other/project",
                "team%2f..%2fother/project",
            ):
                assert "fatal" in await here.git("-c", f"http.extraHeader={shown}", "ls-remote", led + path)
    assert len(hub.seen) == seen


async def test_a_host_without_a_login_ends_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="git's login failed"):
        await with_keys(planned("hub.example").network)


def test_a_workspace_may_not_ask_for_it() -> None:
    plan = planned("github.com", layer="workspace")
    assert [(breach.what, breach.level) for breach in plan.breaches] == [("login", "user")]


def test_the_plan_says_what_is_lent() -> None:
    lines = {line.what: line.value for line in explain(planned("github.com/me")).lines}
    assert lines["key git github.com/me"] == "outside, for github.com, from git's login"


def test_what_the_user_configured_by_variables_stays() -> None:
    docker = {"network": {"mode": "allowlist"}, "defaultImage": "x", "git": ["github.com"]}
    own = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    variables = Case(layers={"user": {"docker": docker}}, request={"env": own}).variables()
    assert (variables["GIT_CONFIG_COUNT"], variables["GIT_CONFIG_KEY_0"]) == ("6", "a.b")
    assert "GIT_CONFIG_KEY_5" in variables
