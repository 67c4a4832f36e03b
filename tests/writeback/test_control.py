"""The attacks are real: without a container each of them lands. What could not fail would show nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.writeback.attacks import LANDING, STOPPED, Attack, prepare
from tests.writeback.ground import has_git

ATTACKS = [attack for attack in (*STOPPED, *LANDING) if "mount" not in attack.script]
"""All but those that take rights to mount, which nobody has who needs to attack."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "workspace"
    folder.mkdir()
    prepare(folder)
    return folder


@pytest.mark.skipif(not has_git(), reason="needs git to make repositories with")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_without_protection_it_lands(attack: Attack, prepared: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(prepared, workspace, symlinks=True)
    (workspace / ".devcontainer").mkdir()
    assert not attack.landed(workspace)
    subprocess.run(["sh", "-c", attack.script], cwd=workspace, check=False, capture_output=True, timeout=20)
    assert attack.landed(workspace)
