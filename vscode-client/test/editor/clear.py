#!/usr/bin/env python3
"""Removes the containers and volumes of one workspace's sessions: ``clear.py FOLDER``. For what a broken run left."""

import sys
from collections.abc import Iterator

import docker
from docker import DockerClient
from docker.errors import NotFound
from docker.models.containers import Container

WORKSPACE, LANE, PROXY = "dev.berth.workspace", "dev.berth.lane", "dev.berth.proxy"


def main(folder: str) -> int:
    """Answers the exit status."""
    engine = docker.from_env()
    sessions = _with(engine, WORKSPACE, folder)
    proxies = set(_proxies(engine, sessions))
    for container in [*sessions, *(holder for proxy in proxies for holder in _with(engine, PROXY, proxy))]:
        container.remove(force=True)
    for proxy in proxies:
        try:
            engine.containers.get(proxy).remove(force=True)
            engine.volumes.get(proxy).remove(force=True)
        except NotFound:
            continue  # Berth has removed it
    for volume in engine.volumes.list(filters={"label": f"{WORKSPACE}={folder}"}):
        volume.remove(force=True)
    engine.close()
    return 0


def _with(engine: DockerClient, label: str, value: str) -> list[Container]:
    found: list[Container] = engine.containers.list(all=True, filters={"label": f"{label}={value}"})
    return found


def _proxies(engine: DockerClient, sessions: list[Container]) -> Iterator[str]:
    """The proxies of the hosts that had these sessions, told by the holders beside them. Each host has its own."""
    for lane in {session.labels[LANE] for session in sessions if LANE in session.labels}:
        yield from (holder.labels[PROXY] for holder in _with(engine, LANE, lane) if PROXY in holder.labels)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
