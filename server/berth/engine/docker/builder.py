"""How an engine builds: BuildKit where a program here can drive it, else its classic builder. Chosen once."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path

import anyio
import anyio.to_thread

from berth.builds.stat_cache import StatCache
from berth.engine.base import BuildStep
from berth.engine.docker import classic
from berth.engine.docker.api import Api
from berth.engine.docker.buildkit import Buildkit
from berth.engine.docker.buildkit_program import BuildkitProgram, find_program
from berth.engine.docker.shipment import shipment_of
from berth.errors import BuildFailed
from berth.planning.facts import EngineFacts
from berth.planning.image_plan import BuildRecipe

VARIABLE = "BERTH_BUILDER"
"""``classic`` or ``buildkit``; unset, the better one."""


class Builder:
    """The builders of the engines found with one environment. ``contexts`` remembers what was hashed of contexts."""

    def __init__(self, environment: Mapping[str, str], home: Path, contexts: StatCache | None = None) -> None:
        """Looks at nothing yet."""
        self._environment = environment
        self._home = home
        self._contexts = contexts
        self._program: BuildkitProgram | None = None
        self._looked = False
        self._looking = anyio.Lock()

    async def build(self, api: Api, facts: EngineFacts, recipe: BuildRecipe) -> AsyncGenerator[BuildStep]:
        """Builds with the better builder.

        Raises:
            BerthError: As :meth:`berth.engine.base.Engine.build` says.
        """
        shipment = await anyio.to_thread.run_sync(shipment_of, recipe, facts.architecture, self._contexts)
        program = await self.program(facts)
        if program is None:
            classic.refuse_modern(recipe, shipment, product=facts.product)
            steps = classic.build(api, recipe, shipment)
        else:
            steps = Buildkit(program, api.endpoint, self._environment).build(recipe, shipment)
        async with aclosing(steps):
            async for step in steps:
                yield step

    async def program(self, facts: EngineFacts) -> BuildkitProgram | None:
        """What drives BuildKit; None where the classic builder builds. Podman has only its own.

        Raises:
            BuildFailed: ``build-failed``: :data:`VARIABLE` asks for what is not here.
        """
        wanted = self._environment.get(VARIABLE, "")
        if wanted not in ("", "classic", "buildkit"):
            message = f"{VARIABLE} is “{wanted[:40]}”, which is no builder."
            raise BuildFailed("build-failed", message, "Set it to classic or buildkit, or not at all.")
        if wanted == "classic" or facts.product != "docker":
            return None
        async with self._looking:
            if not self._looked:
                self._program = await anyio.to_thread.run_sync(find_program, self._environment, self._home)
                self._looked = True
        if self._program is None and wanted == "buildkit":
            message = f"{VARIABLE} asks for BuildKit, and no program here can drive it."
            raise BuildFailed("build-failed", message, classic.INSTALL)
        return self._program
