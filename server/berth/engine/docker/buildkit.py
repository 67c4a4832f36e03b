"""The engine's BuildKit, driven through a client program that is killed when nobody wants the image any more."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import anyio
import anyio.to_thread

from berth.engine.base import BuildStep
from berth.engine.docker.build_failure import Fault, failed
from berth.engine.docker.buildkit_line import command_line, environment_of
from berth.engine.docker.buildkit_program import BuildkitProgram
from berth.engine.docker.buildkit_run import ClientFailed, printed
from berth.engine.docker.buildkit_steps import BuildkitSteps
from berth.engine.docker.buildkit_words import JsonWords, PlainWords
from berth.engine.docker.classic import INSTALL
from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.shipment import Shipment
from berth.engine.docker.snapshot import Snapshot
from berth.engine.docker.step_lines import StepLines
from berth.errors import BerthError, BuildFailed, EngineError
from berth.planning.image_plan import BuildRecipe


@dataclass(frozen=True)
class Buildkit:
    """BuildKit of one engine. ``surroundings`` is the environment of which the program sees a part."""

    program: BuildkitProgram
    endpoint: Endpoint
    surroundings: Mapping[str, str]

    async def build(self, recipe: BuildRecipe, shipment: Shipment) -> AsyncGenerator[BuildStep]:
        """Builds; the tag is set by the engine only when everything worked.

        Raises:
            BerthError: ``build-failed`` and what :func:`failed` knows better; ``context-changed``.
        """
        self._refuse(recipe)
        steps = BuildkitSteps()
        async with _sent(shipment) as (file, context, stdin):
            argv = command_line(self.program, recipe, file=file, context=context)
            try:
                async with aclosing(self._steps(argv, recipe, steps=steps, stdin=stdin)) as found:
                    async for step in found:
                        yield step
            except ClientFailed:
                raise _fault(recipe.tag, shipment.lines, steps) from None

    async def _steps(
        self, argv: Sequence[str], recipe: BuildRecipe, *, steps: BuildkitSteps, stdin: Iterator[bytes] | None
    ) -> AsyncGenerator[BuildStep]:
        words = JsonWords() if self.program.progress == "rawjson" else PlainWords()
        environment = environment_of(self.surroundings, self.endpoint, ssh=recipe.ssh)
        async with aclosing(printed(argv, environment=environment, stdin=stdin)) as output:
            async for data in output:
                for report in words.receive(data):
                    for step in steps.receive(report):
                        yield step

    def _refuse(self, recipe: BuildRecipe) -> None:
        """The Docker CLI's own client of BuildKit has all that Berth asks for but one thing."""
        if recipe.cache_to and not self.program.is_buildx:
            message = f"The build of {recipe.tag} asks for cache-to, which needs Docker's buildx plugin."
            raise BuildFailed("build-failed", message, INSTALL)


@asynccontextmanager
async def _sent(shipment: Shipment) -> AsyncIterator[tuple[str, str, Iterator[bytes] | None]]:
    """The Dockerfile, the context and stdin, as the program takes them."""
    if shipment.apart is None:
        yield shipment.dockerfile, "-", shipment.buildkit()
        return
    snapshot = await anyio.to_thread.run_sync(Snapshot)
    filling = asyncio.ensure_future(anyio.to_thread.run_sync(snapshot.fill, shipment.buildkit(), shipment.apart))
    try:
        await asyncio.shield(filling)
        yield str(snapshot.dockerfile), str(snapshot.context), None
    except OSError as error:
        message = f"The build context cannot be laid out in {snapshot.context.parent}: {error.strerror or error}."
        raise EngineError("disk-full", message, "Free some space there.") from None
    finally:
        snapshot.stop()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([filling])
            filling.exception()
            await anyio.to_thread.run_sync(snapshot.remove)


def _fault(tag: str, lines: StepLines, steps: BuildkitSteps) -> BerthError:
    """What the program and the vertex that failed say, in one."""
    if steps.failed is None:
        return failed(Fault(tag, steps.said, lines.file, lines.of_words(f"{steps.said}\n{steps.text}")))
    vertex, said = steps.failed
    if vertex.silent:
        line = lines.of_image(vertex.image) if vertex.image else lines.of_words(steps.said)
        return failed(Fault(tag, said, lines.file, line, image=vertex.image, log=tuple(vertex.lines)))
    line = lines.of_vertex(vertex.at, vertex.step.step) if vertex.at else lines.of_words(steps.text)
    return failed(Fault(tag, said, lines.file, line, vertex.step, vertex.image, tuple(vertex.lines)))
