"""One list of arguments, two containers: Berth's, and the one that ``docker create`` makes. Neither is started."""

import contextlib
import os
import secrets
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import docker.errors
from anyio.from_thread import BlockingPortal, start_blocking_portal
from docker.utils import kwargs_from_env

from berth.engine.docker import DockerEngine
from berth.engine.launcher import launch_command
from berth.planning.accounts import accounts_files, accounts_folder
from berth.planning.docker_line.line import docker_line
from berth.planning.facts import EngineFacts, Facts, WorkspaceFacts
from berth.planning.plan import SessionPlan
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.settings.layers import Layer
from berth.settings.resolve import resolve_settings

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
ADDRESSES = f"10.213.{secrets.randbelow(256)}."
"""Where the test's network has its addresses; another test run may go on beside this one."""
ENVIRONMENT = {"FROM_EDITOR": "forwarded"}


@dataclass(frozen=True, repr=False)
class Pair:
    """What ``inspect`` says of both containers, and the plan that Berth's was made from."""

    berth: Mapping[str, Any]
    cli: Mapping[str, Any]
    plan: SessionPlan


@dataclass(repr=False)
class Twins:
    """Makes pairs, and remembers what to remove."""

    client: docker.APIClient
    portal: BlockingPortal
    engine: DockerEngine
    about: EngineFacts
    workspace: Path
    network: str
    made: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)

    def pair(self, arguments: Sequence[str]) -> Pair:
        with ThreadPoolExecutor(1) as pool:
            cli = pool.submit(self._cli, arguments)
            plan = self.plan(arguments)
            berth = self.portal.call(self._create, plan)
            self.made.append(berth)
            self.made.append(cli.result(timeout=30))
        return Pair(self.client.inspect_container(berth), self.client.inspect_container(cli.result()), plan)

    def line_pair(self, plan: SessionPlan) -> Pair:
        """Berth's container of a plan, and the one of the plan's own line of ``docker run``."""
        program, _, *words = docker_line(plan)
        with ThreadPoolExecutor(1) as pool:
            cli = pool.submit(self._run, [program, "create", *words])
            berth = self.portal.call(self._create, plan)
            self.made += [berth, cli.result(timeout=30)]
        return Pair(self.client.inspect_container(berth), self.client.inspect_container(cli.result()), plan)

    def plan(self, arguments: Sequence[str], section: Mapping[str, Any] | None = None, **profile: Any) -> SessionPlan:
        """A plan with these flags; ``section`` and ``profile`` say what else is in the settings and in the profile."""
        profile = {"image": IMAGE, "dockerArgs": list(arguments), **profile}
        docker = {"defaultProfile": "twin", "profiles": {"twin": profile}, "network": {"mode": "open"}}
        section = {**(section or {}), "docker": {**docker, **(section or {}).get("docker", {})}}
        settings = resolve_settings([Layer("user", section, trusted=True)])
        plan = plan_session(settings, PlanArguments(), self._facts())
        self._write_accounts(plan)
        return plan

    async def _create(self, plan: SessionPlan) -> str:
        name = f"berth-test-twin-{secrets.token_hex(6)}"
        return await self.engine.create(plan.container, name=name, command=launch_command())

    def _cli(self, arguments: Sequence[str]) -> str:
        return self._run(["docker", "create", *arguments, IMAGE, "true"])

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr}"
        return done.stdout.split()[-1]

    def _facts(self) -> Facts:
        files = {path: path.read_text() for path in self.workspace.rglob("*") if path.is_file()}
        home = self.workspace.parent / "home"
        return Facts(
            workspace=WorkspaceFacts(self.workspace, 1000, 1000),
            engine=self.about,
            host_uid=os.getuid(),
            images_folder=self.workspace,
            agent_recipe_digest="none",
            accounts_folder=self.workspace.parent / "accounts",
            session="twin",
            environment={"HOME": str(home), **ENVIRONMENT},
            files=files,
            existing=frozenset({*files, *(path for top in (self.workspace, home) for path in (top, *top.rglob("*")))}),
        )

    def _write_accounts(self, plan: SessionPlan) -> None:
        folder = self.workspace.parent / "accounts" / accounts_folder(plan.container.user)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in accounts_files(plan.container.user).items():
            (folder / name).write_text(text)

    def clean(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda made: self.client.remove_container(made, v=True, force=True), self.made))
        for volume in self.volumes:
            with contextlib.suppress(docker.errors.NotFound):
                self.client.remove_volume(volume, force=True)


@contextlib.contextmanager
def twins(folder: Path) -> Iterator[Twins]:
    """Pairs on the real engine, with a workspace that has a few files, and a network with addresses of its own."""
    workspace = folder / "work"
    (workspace / "config").mkdir(parents=True)
    (workspace / ".git" / "hooks").mkdir(parents=True)
    (folder / "home").mkdir()
    (folder / "home" / ".gitconfig").write_text("[user]\n")
    (workspace / "plain.env").write_text('# a comment\nPLAIN=1\n  QUOTED="kept"\nSPACED=a b #c\n')
    with _network() as (client, network), start_blocking_portal() as portal:
        engine = DockerEngine()
        made = Twins(client, portal, engine, portal.call(engine.about), workspace, network)
        try:
            home = next(mount for mount in made.plan([]).container.mounts if mount.type == "volume")
            made.volumes += [home.source, "twin-cache"]
            yield made
        finally:
            made.clean()
            portal.call(engine.aclose)


@contextlib.contextmanager
def _network() -> Iterator[tuple[docker.APIClient, str]]:
    client = docker.APIClient(version="auto", timeout=30, **kwargs_from_env())
    network = f"berth-test-{secrets.token_hex(4)}"
    pools = docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet=f"{ADDRESSES}0/24")])
    client.create_network(network, ipam=pools)
    try:
        yield client, network
    finally:
        client.remove_network(network)
        client.close()
