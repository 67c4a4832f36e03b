"""The container of one host's proxy: found by its name, made where there is none."""

from dataclasses import replace

from berth.engine.base import ContainerFacts, Engine
from berth.errors import EngineError, SettingsError
from berth.planning.plan import ContainerPlan
from berth.sessions.egress.containers import proxy_command, proxy_plan
from berth.sessions.egress.desk import Desk


class ProxyContainer:
    """Where the proxy runs. It outlives the host, and the next one finds it again."""

    def __init__(self, engine: Engine, desk: Desk, *, name: str, image: str) -> None:
        """Nothing is made."""
        self._engine = engine
        self._desk = desk
        self._name = name
        self._image = image

    async def found(self) -> str:
        """Its id, not started where there was none. One that has ended makes room for another.

        Raises:
            EngineError: What the engine says.
        """
        found = await self._engine.inspect(self._name)
        if found is not None and found.status not in ("exited", "dead"):
            return found.id
        if found is not None:
            await self._engine.remove(found.id)
        try:
            return await self._made()
        except EngineError as error:
            other = await self._others(error)
            if other is None:
                raise
            return other.id

    async def _others(self, error: EngineError) -> ContainerFacts | None:
        """That of another host with this state folder, which was faster."""
        return await self._engine.inspect(self._name) if error.kind == "name-taken" else None

    async def _made(self) -> str:
        plan = proxy_plan(self._name, self._image, await self._leads_here())
        try:
            return await self._create(plan)
        except SettingsError as error:
            if error.kind != "bad-mount":
                raise
            return await self._create(replace(plan, mounts=plan.mounts[:1]))  # an engine that sees other files than we

    async def _leads_here(self) -> str:
        """The desk's folder; empty on an engine in a virtual machine, whose bridge leads to loopback by itself."""
        folder = await self._desk.open()
        return str(folder) if folder is not None and not (await self._engine.about()).desktop else ""

    async def _create(self, plan: ContainerPlan) -> str:
        return await self._engine.create(plan, name=self._name, command=proxy_command())
