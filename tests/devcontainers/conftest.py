"""A project with a devcontainer.json, opened in an editor on the real server with a real engine."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import docker
import pytest

from berth.demo.client import server
from tests.agents_real.desk import Desk

SHELL = {"command": ["sh", "-c", 'while IFS= read -r line; do eval "$line" 2>&1; done'], "dialect": "lines"}
"""An agent that does what it is told."""


@pytest.fixture
def base() -> str:
    """An image that is there, with a shell."""
    return os.environ.get("BERTH_BASE_IMAGE") or "debian:bookworm-slim"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A workspace that, where we may say so, belongs to an ordinary user; its volumes go with it."""
    folder = tmp_path / "shop"
    (folder / ".devcontainer").mkdir(parents=True)
    yield folder
    client = docker.from_env(timeout=30)
    try:
        for volume in client.volumes.list(filters={"label": f"dev.berth.workspace={folder}"}):
            volume.remove(force=True)
    finally:
        client.close()


@pytest.fixture
async def desk(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """An editor whose user runs the agent ``shell`` in the project's own container."""
    file = tmp_path / "config" / "berth" / "settings.json"
    file.parent.mkdir(parents=True)
    section = {"devcontainer": True, "network": {"mode": "open"}}
    file.write_text(json.dumps({"agent": "shell", "agents": {"shell": SHELL}, "docker": section}))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("BERTH_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SHOP_TOKEN", "canary-token")
    argv = (sys.executable, "-m", "berth", "--log-level", "warning", "serve")
    with (tmp_path / "log").open("wb") as log:
        async with server(argv, folder=project, stderr=log) as client:
            made = Desk(client, project)
            try:
                yield made
            finally:
                await made.remove()
