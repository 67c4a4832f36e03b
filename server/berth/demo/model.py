"""A scripted model endpoint: lets a real agent do a real turn where there is no key and no network.

``python -m berth.demo.model [PORT]`` serves the demo's story until it is interrupted.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from berth.demo import messages
from berth.demo.http import Request, Response, serving
from berth.demo.replies import Script
from berth.demo.story import tell

EVERYWHERE = "0.0.0.0"  # noqa: S104 - containers reach it over the engine's bridge, whose address differs by engine

log = logging.getLogger(__name__)


@asynccontextmanager
async def scripted_model(script: Script = tell, *, host: str = EVERYWHERE, port: int = 0) -> AsyncIterator[int]:
    """Serves a script through the Messages API until the block is left; gives the port."""

    async def answer(request: Request) -> Response:
        log.debug("%s %s", request.method, request.path)
        return await messages.answer(request, script)

    async with serving(answer, host=host, port=port) as chosen:
        yield chosen


def environment(port: int) -> dict[str, str]:
    """The variables that send Claude Code in a container to the model on this machine, and to nobody else."""
    return {
        "ANTHROPIC_BASE_URL": f"http://host.docker.internal:{port}",
        "ANTHROPIC_API_KEY": "scripted",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }


async def _serve(port: int) -> None:
    async with scripted_model(port=port) as chosen:
        print(f"http://127.0.0.1:{chosen}", flush=True)  # noqa: T201 - the address is this program's output
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    except KeyboardInterrupt:
        sys.exit(130)
