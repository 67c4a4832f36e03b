"""The lines that a plan for rootless Podman shows, on Podman: root's, without ``keep-id``, and perhaps an old one."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.accounts import accounts_files, accounts_folder
from berth.planning.docker_line.text import docker_text
from berth.planning.facts import WorkspaceFacts
from tests.contract.conftest import IMAGE
from tests.planning.plans import Case, engine, profile

SAYS = "id -u; pwd; cat /data/note; touch ~/mine /tmp/x && echo wrote; read -r line; echo heard $line"

NOT_HERE = ("  --userns keep-id \\\n", "  --add-host host.docker.internal:host-gateway \\\n")


@pytest.mark.engine
def test_the_lines_run_on_podman(podman: str, tmp_path: Path) -> None:
    workspace, accounts = tmp_path / "work", tmp_path / "accounts"
    (workspace / "data").mkdir(parents=True)
    (workspace / "data" / "note").write_text("a note\n")
    section = {"agents": {"mine": {"command": ["sh", "-c", SAYS], "dialect": "lines"}}, "agent": "mine"}
    case = Case(
        {"user": {**profile(image=IMAGE, volumes=["./data:/data:ro"]), **section}},
        facts={
            "workspace": WorkspaceFacts(workspace, 1000, 1000),
            "host_uid": 1000,
            "accounts_folder": accounts,
            "existing": frozenset({workspace / "data"}),
            "engine": replace(engine(product="podman", rootless=True), init=False),
        },
        network="open",
    )
    plan = case.plan()
    folder = accounts / accounts_folder(plan.container.user)
    folder.mkdir(parents=True)
    for name, content in accounts_files(plan.container.user).items():
        (folder / name).write_text(content)
    text = docker_text(plan)
    assert all(line in text for line in NOT_HERE)
    for line in NOT_HERE:
        text = text.replace(line, "")
    done = subprocess.run(
        ["sh", "-c", text],
        input="hello\n",
        env={**os.environ, "CONTAINER_HOST": podman},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["1000", str(workspace), "a note", "wrote", "heard hello"]
