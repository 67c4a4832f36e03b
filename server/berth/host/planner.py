"""Gathers what planning may know, and plans."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
from anyio import to_thread

from berth.builds.stat_cache import StatCache
from berth.engine.base import Engine
from berth.errors import EngineError
from berth.host.building import look_at_build
from berth.host.connections import Connection
from berth.host.devcontainers import look_at_features, with_devcontainer
from berth.host.modes import Modes
from berth.host.places import StateFolder, images_folder
from berth.host.seal import Seal
from berth.host.seen import seen_round
from berth.host.workspaces import look_at, workspace_path
from berth.planning.accounts import accounts_files, accounts_folder
from berth.planning.builds import BuildWish
from berth.planning.facts import (
    BuildFacts,
    EngineFacts,
    Facts,
    FeatureFacts,
    LocalFacts,
    WorkspaceFacts,
)
from berth.planning.host import host_needs, plan_on_host
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.mode import ChosenMode, choose_mode, with_way_out
from berth.planning.needs import Needs, needs
from berth.planning.plan import SessionPlan
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.protocol.session import Mode
from berth.settings.devcontainers.devcontainer import DevFeatures
from berth.settings.gathered import gathered_layers, is_trusted
from berth.settings.layers import Layer
from berth.settings.observe import observe
from berth.settings.resolve import resolve_settings
from berth.settings.settings import Settings
from berth.system.users import acting_uid


class Planner:
    """Makes plans for one host. Looks are made in worker threads, and again for every plan.

    ``editing`` is held while a settings file is changed, by whichever connection.
    """

    def __init__(self, engine: Engine, folder: StateFolder, modes: Modes) -> None:
        """Knows nothing yet."""
        self._engine = engine
        self._folder = folder
        self._modes = modes
        self._contexts = StatCache(folder.contexts)
        self.editing = anyio.Lock()

    async def plan(self, connection: Connection, arguments: PlanArguments, *, session: str) -> AnyPlan:
        """Decides what a session will be. Without a container the engine is not asked.

        Raises:
            BerthError: Settings, workspace, request or engine make it impossible; the error says which.
        """
        workspace = await self.workspace(connection, arguments.workspace_folder)
        asked = _Asked(connection, arguments, workspace, session)
        given = await connection.configuration(workspace.path)
        read = await to_thread.run_sync(self._read, asked, given)
        if read.chosen.mode == "host":
            return await self._on_host(asked, read)
        return await self._in_container(asked, read)

    async def mode(self, connection: Connection, workspace: Path) -> Mode:
        """Where agents of a workspace run at present, when a request does not say.

        Raises:
            SettingsError: Settings cannot be used.
        """
        settings = await to_thread.run_sync(_resolved, workspace, await connection.configuration(workspace))
        return choose_mode(settings, PlanArguments(), await self._modes.of(workspace)).mode

    def _read(self, asked: "_Asked", given: object) -> "_Read":
        """All settings that count, in one thread: each change of threads costs a busy machine milliseconds."""
        workspace = asked.workspace.path
        settings = _resolved(workspace, given)
        chosen = choose_mode(settings, asked.arguments, self._modes.read(workspace))
        if chosen.mode == "container":
            settings = with_devcontainer(settings, asked.arguments, workspace, asked.connection.environment)
        return _Read(settings, chosen)

    async def _on_host(self, asked: "_Asked", read: "_Read") -> HostSessionPlan:
        environment, workspace = asked.connection.environment, asked.workspace
        wanted = host_needs(read.settings, asked.arguments, workspace=workspace.path, environment=environment)
        seen = await to_thread.run_sync(lambda: observe(wanted.files, wanted.paths, workspace=workspace.path))
        facts = LocalFacts(
            workspace=workspace, session=asked.session, environment=environment, files=seen.files, links=seen.links
        )
        return plan_on_host(read.settings, asked.arguments, read.chosen, facts=facts)

    async def _in_container(self, asked: "_Asked", read: "_Read") -> SessionPlan:
        environment, workspace = asked.connection.environment, asked.workspace.path
        wanted = needs(read.settings, asked.arguments, workspace=workspace, environment=environment)
        engine = await self._about()
        found = _Found(
            wanted,
            engine=engine,
            build=await self._build(wanted.build, workspace, engine),
            below=await self._build(wanted.below, workspace, engine),
            features=await self._features(wanted.features, workspace, environment),
        )
        return await to_thread.run_sync(self._planned, asked, read, found)

    def _planned(self, asked: "_Asked", read: "_Read", found: "_Found") -> SessionPlan:
        """All that is left, in one thread again."""
        plan = plan_session(read.settings, asked.arguments, self._facts(asked, found))
        self._write_accounts(plan)
        return replace(plan, mode_reason=read.chosen.reason)

    def _facts(self, asked: "_Asked", found: "_Found") -> Facts:
        environment, workspace = asked.connection.environment, asked.workspace
        seen = seen_round(found.wanted, workspace.path, environment)
        return Facts(
            workspace=workspace,
            engine=found.engine,
            host_uid=acting_uid(),
            images_folder=images_folder(),
            agent_recipe_digest=seen.agent_digest,
            layer_recipe_digest=seen.layer_digest,
            egress_recipe_digest=seen.egress_digest,
            attended=asked.connection.asks,
            accounts_folder=self._folder.accounts,
            session=asked.session,
            environment=environment,
            files=seen.observed.files,
            existing=seen.observed.existing,
            links=seen.observed.links,
            git_identity=seen.git_identity,
            base_image=environment.get("BERTH_BASE_IMAGE") or None,
            ca_file=seen.ca_file,
            build=found.build,
            below=found.below,
            features=found.features,
            protection=seen.protection,
            registries=seen.registries,
            seal=Seal.of(self._folder.root).labels(asked.session),
            sentinel=secrets.token_hex(32),
        )

    async def _features(
        self, features: DevFeatures | None, workspace: Path, environment: Mapping[str, str]
    ) -> FeatureFacts | None:
        if features is None:
            return None
        return await to_thread.run_sync(look_at_features, features, workspace, environment)

    async def _build(self, wish: BuildWish | None, workspace: Path, engine: EngineFacts) -> BuildFacts | None:
        if wish is None:
            return None
        return await to_thread.run_sync(look_at_build, wish, workspace, engine.architecture, self._contexts)

    async def workspace(self, connection: Connection, named: str | None) -> WorkspaceFacts:
        """The folder a command means, looked at."""
        return await to_thread.run_sync(look_at, workspace_path(named, connection.folders()))

    async def layers(self, connection: Connection, workspace: Path) -> list[Layer]:
        """What the editor and the files say for a folder, read anew.

        Raises:
            SettingsError: ``bad-settings``: a file that counts cannot be read.
        """
        return list(await to_thread.run_sync(gathered_layers, workspace, await connection.configuration(workspace)))

    async def _about(self) -> EngineFacts:
        try:
            return await self._engine.about()
        except EngineError as error:
            raise with_way_out(error) from error

    def _write_accounts(self, plan: SessionPlan) -> None:
        user = plan.container.user
        folder = self._folder.accounts / accounts_folder(user)
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for name, text in accounts_files(user).items():
            path = folder / name
            if not path.is_file() or path.read_text() != text:
                path.write_text(text)
            path.chmod(0o644)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a plan is to be made of."""

    connection: Connection
    arguments: PlanArguments
    workspace: WorkspaceFacts
    session: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What settings and files say to it."""

    settings: Settings
    chosen: ChosenMode


@dataclass(frozen=True, slots=True)
class _Found:
    """What planning wants to know, what was asked of the engine, and what an image would be built of."""

    wanted: Needs
    engine: EngineFacts
    build: BuildFacts | None
    below: BuildFacts | None
    features: FeatureFacts | None


def _resolved(workspace: Path, given: object) -> Settings:
    layers = gathered_layers(workspace, given)
    return replace(resolve_settings(layers), workspace_trusted=is_trusted(given))
