"""The first words with an engine: what it is, and which version of its API is spoken from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread

from berth.engine.docker import podman
from berth.engine.docker.addresses import find_endpoint
from berth.engine.docker.api import Api
from berth.engine.docker.control import Control
from berth.engine.docker.emulation import emulated
from berth.engine.docker.facts import engine_facts, is_podman, spoken_api
from berth.planning.facts import EngineFacts


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine that has answered."""

    api: Api
    control: Control
    facts: EngineFacts


async def greeted(environment: Mapping[str, str], home: Path) -> Opened:
    """Finds the engine as the Docker CLI does, and asks what it is.

    Raises:
        EngineError: ``engine-unreachable``, ``engine-permission`` or ``engine-too-old``.
    """
    endpoint = await anyio.to_thread.run_sync(find_endpoint, environment, home)
    api = Api(endpoint)
    version = await api.get("/version")
    api.version = spoken_api(version)
    info = await api.get("/info")
    init = podman.has_init(endpoint) if is_podman(version) else bool(info.get("InitBinary"))
    facts = engine_facts(version, info, init=init, emulated=emulated(endpoint))
    return Opened(api, Control(endpoint, api.version), facts)
