"""Git in the container does what people and agents do with it every day, though what it obeys is read-only."""

from pathlib import Path

import pytest

from berth.protocol.workspace_events import WritebackFound
from tests.writeback.attacks import prepare
from tests.writeback.ground import GIT, PROGRAMS, Ground, git, ground, has_git

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.engine,
    pytest.mark.skipif(not has_git(), reason="needs the host's git"),
]

START = "git config --global safe.directory '*'; git config --global user.name a; git config --global user.email a@b\n"
WORK = {
    "commit": "echo b >b.txt; git add b.txt; git commit -qm second --no-verify",
    "branch": "git branch topic; git branch -q -d topic",
    "switch": "git switch -q -c other; git switch -q main",
    "stash": "echo c >>a.txt; git stash -q; git stash pop -q; git checkout -q a.txt",
    "merge": "git switch -q -c side HEAD~1; git commit -q --allow-empty -m side; git switch -q main; git merge -q side",
    "rebase": "git switch -q side; git rebase -q main; git switch -q main",
    "reset": "git reset -q --hard HEAD~1; git reset -q --hard ORIG_HEAD",
    "tag": "git tag v1; git tag -d v1",
    "fetch": "git fetch -q origin",
    "push": "git push -q origin main:pushed",
    "remote branch": "git -c branch.autoSetupMerge=false switch -q -c mine origin/main; git switch -q main",
    "worktree": "git worktree add -q inside -b wt; git -C inside status -s; git worktree remove inside",
    "clone": "git clone -q . cloned; rm -rf cloned",
    "clean": "echo x >junk; git clean -q -f junk",
    "gc": "git gc -q",
    "status": "git status -s; git log --oneline | head -3; git diff HEAD~1 --stat; git blame a.txt",
}


def with_remote(workspace: Path) -> None:
    prepare(workspace)
    git(workspace, "config", "--unset", "core.hooksPath")
    git(workspace, "clone", "-q", "--bare", ".", "up.git")
    git(workspace, "remote", "add", "origin", "up.git")
    git(workspace, "fetch", "-q", "origin")


async def run_work(place: Ground) -> str:
    pieces = [f"( set -e; {work} ) || echo 'FAILED {name}'\n" for name, work in WORK.items()]
    checks = "git --version >/dev/null || echo NO GIT\n"
    return await place.turn(f"{GIT}{checks}{START}{''.join(pieces)}")


@pytest.mark.parametrize("owner", [1000, 0], ids=["a person's workspace", "root's workspace"])
async def test_everyday_git_works(tmp_path: Path, owner: int) -> None:
    mounts = [f"{source}:{target}:ro" for source, target in PROGRAMS.items()]
    async with ground(tmp_path, owner, with_remote, mounts=mounts) as place:
        printed = await run_work(place)
        if "NO GIT" in printed:
            pytest.skip("the host's git does not run in the test image")
        assert "FAILED" not in printed, printed
        assert place.house.editor.bodies(WritebackFound) == []
        assert (place.workspace / "b.txt").read_text() == "b\n"
