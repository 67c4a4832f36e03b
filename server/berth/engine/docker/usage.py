"""The engine's stream of measurements of one container, as numbers that mean something."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from berth.engine.docker.api import Api
from berth.engine.docker.errors import Subject
from berth.engine.docker.wire import BrokenStream, Request
from berth.engine.housekeeping import Usage

MOST_BYTES = 1024 * 1024
"""One measurement takes some 2 KB; more than this without an end of line is none."""

_NO_LIMIT = 2**62
"""Control groups without a limit tell a number near 2^63."""


async def measured(api: Api, container: str) -> AsyncGenerator[Usage]:
    """Yields measurements until the container no longer runs: Docker then goes on with empty ones.

    Raises:
        BerthError: ``container-gone``, or what else the engine answered.
    """
    request = Request("GET", f"/containers/{container}/stats", query={"stream": 1})
    rest = b""
    try:
        async with api.request(request, subject=Subject(container[:12])) as response:
            async for data in response.chunks():
                *lines, rest = (rest + data).split(b"\n")
                if len(rest) > MOST_BYTES:
                    return
                for line in filter(None, map(bytes.strip, lines)):
                    usage = usage_of(json.loads(line))
                    if usage is None:
                        return
                    yield usage
    except (BrokenStream, ValueError):
        return


def usage_of(measurement: Mapping[str, Any]) -> Usage | None:
    """Reads one measurement; None when nothing runs. Pure."""
    memory = measurement.get("memory_stats") or {}
    used = (measurement.get("cpu_stats") or {}).get("cpu_usage") or {}
    if not memory.get("usage") and not used.get("total_usage"):
        return None
    networks = (measurement.get("networks") or {}).values()
    limit = int(memory.get("limit") or 0)
    return Usage(
        cpu=_cpu(measurement),
        memory=_memory(memory),
        memory_limit=limit if 0 < limit < _NO_LIMIT else None,
        pids=(measurement.get("pids_stats") or {}).get("current"),
        received=sum(int(each.get("rx_bytes", 0)) for each in networks) if networks else None,
        sent=sum(int(each.get("tx_bytes", 0)) for each in networks) if networks else None,
        disk_read=_disk(measurement, "read"),
        disk_written=_disk(measurement, "write"),
    )


def _cpu(measurement: Mapping[str, Any]) -> float | None:
    """As ``docker stats`` has it; None for the first measurement, which has none before it to compare with."""
    now, before = measurement.get("cpu_stats") or {}, measurement.get("precpu_stats") or {}
    system = int(now.get("system_cpu_usage") or 0) - int(before.get("system_cpu_usage") or 0)
    if not before.get("system_cpu_usage") or system <= 0:
        return None
    own = int(now["cpu_usage"].get("total_usage") or 0) - int(before["cpu_usage"].get("total_usage") or 0)
    cores = int(now.get("online_cpus") or 0) or len(now["cpu_usage"].get("percpu_usage") or ()) or 1
    return round(max(0, own) / system * cores * 100, 1)


def _memory(memory: Mapping[str, Any]) -> int | None:
    """Without the pages that the kernel can take back at any time; their name differs between cgroups v1 and v2."""
    if "usage" not in memory:
        return None
    details = memory.get("stats") or {}
    idle = int(details.get("total_inactive_file") or details.get("inactive_file") or 0)
    return max(0, int(memory["usage"]) - idle)


def _disk(measurement: Mapping[str, Any], operation: str) -> int | None:
    entries = (measurement.get("blkio_stats") or {}).get("io_service_bytes_recursive")
    if entries is None:
        return None
    return sum(int(entry["value"]) for entry in entries if str(entry.get("op", "")).lower() == operation)
