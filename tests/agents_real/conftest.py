"""Real agents in real containers, driven through the real server; only the model is scripted."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import docker
import pytest
from docker import DockerClient

from berth.demo.client import server
from berth.sessions.egress.containers import egress_name
from tests.agents_real.desk import Desk
from tests.model.server import ModelServer, model_server


@pytest.fixture
def engine() -> Iterator[DockerClient]:
    """The engine, to look at containers and to be rude to them."""
    client = docker.from_env(timeout=30)
    yield client
    client.close()


@pytest.fixture
def workspace(tmp_path: Path, engine: DockerClient) -> Iterator[Path]:
    """A workspace that, where we may say so, belongs to an ordinary user; its volumes go with it."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    if os.getuid() == 0:
        os.chown(folder, 1234, 1234)
    yield folder
    for volume in engine.volumes.list(filters={"label": f"dev.berth.workspace={folder}"}):
        volume.remove(force=True)


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    """The scripted model."""
    async with model_server() as running:
        yield running


@pytest.fixture
async def desk(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: DockerClient
) -> AsyncIterator[Desk]:
    """An editor on a server of its own; what it started is removed."""
    monkeypatch.setenv("BERTH_STATE_DIR", str(tmp_path / "state"))
    argv = (sys.executable, "-m", "berth", "--log-level", "warning", "serve")
    with _log() as log:
        async with server(argv, folder=workspace, stderr=log) as client:
            made = Desk(client, workspace)
            try:
                yield made
            finally:
                await made.remove()
        remove_proxies(engine, tmp_path / "state")


def remove_proxies(engine: DockerClient, state: Path) -> None:
    """Removes the proxy of a state folder's host, and its holders; all would wait some minutes for a session."""
    for container in engine.containers.list(all=True, filters={"label": "dev.berth.egress=proxy"}):
        if container.name == egress_name(str(state), container.attrs["Config"]["Image"]):
            # A holder that was lent to a login, or is kept ready, has the volume of both mounted.
            for holder in engine.containers.list(all=True, filters={"label": f"dev.berth.proxy={container.name}"}):
                holder.remove(force=True)
            container.remove(force=True)
            engine.volumes.get(container.name).remove()


@contextmanager
def _log() -> Iterator[IO[bytes]]:
    """A file for the server's log, shown with the test's own output when the test fails."""
    with tempfile.TemporaryFile() as log:
        try:
            yield log
        finally:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
