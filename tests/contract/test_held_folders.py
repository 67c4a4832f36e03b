"""What protecting git folders rests on: one that is mounted onto itself cannot be replaced, nor its files written."""

import os
from pathlib import Path

import pytest

from berth.planning.plan import Mount
from tests.contract.test_confinement import shell
from tests.contract.world import REASON, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

ATTACKS = {
    "rename the folder": "mv /w/.git /w/g",
    "rename it at the other place": "mv /v/.git /v/g",
    "remove the file": "rm -f /w/.git/config",
    "replace the file": "echo x >/w/.git/c && mv -f /w/.git/c /w/.git/config",
    "write the file": "echo x >>/v/.git/config",
    "make a hook": "touch /w/.git/hooks/x",
    "rename the hooks": "mv /w/.git/hooks /w/.git/h",
}
SCRIPT = "".join(f"( {words} ) 2>/dev/null && echo 'DONE {name}'\n" for name, words in ATTACKS.items())
WORK = "echo x >/w/.git/index.lock && mv /w/.git/index.lock /v/.git/index && echo WORKS\n"


def on_itself(workspace: Path) -> list[Mount]:
    held = {"": False, "/.git": False, "/.git/config": True, "/.git/hooks": True}
    return [
        Mount("bind", f"{workspace}{path}", f"{target}{path}", read_only=read_only, reason=REASON)
        for target in ("/v", "/w")
        for path, read_only in held.items()
    ]


def git_folder(workspace: Path) -> None:
    """One that belongs to the user of the contract's containers."""
    (workspace / ".git" / "hooks").mkdir(parents=True)
    (workspace / ".git" / "config").write_text("")
    for path in (workspace, *workspace.rglob("*")):
        os.chown(path, 1234, 1234)


async def test_a_folder_mounted_onto_itself_stays_where_it_is(real: World, tmp_path: Path) -> None:
    git_folder(tmp_path)
    printed, _ = await shell(real, SCRIPT + WORK, plan=real.plan(mounts=on_itself(tmp_path)))
    assert printed == b"WORKS\n"
