"""Attacks on the host by way of the workspace. Each tries to get ``EVIL`` into a path that something there obeys."""

from dataclasses import dataclass
from pathlib import Path

from tests.writeback.ground import git, repository


@dataclass(frozen=True)
class Attack:
    """What the agent runs, and where the host would find what it wrote."""

    name: str
    script: str
    path: str
    severity: str = "warning"

    def landed(self, workspace: Path) -> bool:
        path = workspace / self.path
        if path.is_symlink():
            return "EVIL" in str(path.readlink())
        return path.is_file() and "EVIL" in path.read_text()


def write(path: str, text: str = "EVIL") -> str:
    return f"mkdir -p $(dirname {path}); echo '{text}' >> {path}"


STOPPED = (
    Attack("a new hook", write(".git/hooks/post-checkout"), ".git/hooks/post-checkout"),
    Attack("a hook that is there", write(".git/hooks/pre-commit"), ".git/hooks/pre-commit"),
    Attack("a hook over another", "echo EVIL >h; mv -f h .git/hooks/pre-commit", ".git/hooks/pre-commit"),
    Attack("git's configuration", write(".git/config"), ".git/config"),
    Attack("git's configuration replaced", "echo EVIL >c; mv -f c .git/config", ".git/config"),
    Attack("git's configuration by a hard link", "ln .git/config l; echo EVIL >>l", ".git/config"),
    Attack("another git folder", "mv .git g; cp -r g .git; echo EVIL >>.git/config", ".git/config"),
    Attack("another hooks folder", f"mv .git/hooks h; {write('.git/hooks/pre-push')}", ".git/hooks/pre-push"),
    Attack("a link for the hooks folder", "rm -rf .git/hooks; ln -s ../EVIL .git/hooks", ".git/hooks"),
    Attack("a worktree's configuration", write(".git/config.worktree"), ".git/config.worktree"),
    Attack("unmounting", "umount .git/config; umount -l .git; echo EVIL >>.git/config", ".git/config"),
    Attack("remounting", f"mount -o remount,rw .git/hooks; {write('.git/hooks/x')}", ".git/hooks/x"),
    Attack("VS Code's tasks", write(".vscode/tasks.json"), ".vscode/tasks.json"),
    Attack("another .vscode", f"mv .vscode v; {write('.vscode/settings.json')}", ".vscode/settings.json"),
    Attack("a link for .vscode", "rm -rf .vscode; ln -s EVIL .vscode", ".vscode"),
    Attack("a .devcontainer", write(".devcontainer/devcontainer.json"), ".devcontainer/devcontainer.json"),
    Attack("a .devcontainer in its place", "rmdir .devcontainer; ln -s EVIL .devcontainer", ".devcontainer"),
    Attack("an .idea", write(".idea/watcherTasks.xml"), ".idea/watcherTasks.xml"),
    Attack("a .berth", write(".berth/Dockerfile"), ".berth/Dockerfile"),
    Attack("direnv's file", write(".envrc"), ".envrc"),
    Attack("direnv's file replaced", "echo EVIL >e; rm -f .envrc; mv -f e .envrc", ".envrc"),
    Attack("a workspace file", write("x.code-workspace"), "x.code-workspace"),
    Attack("a submodule's configuration", write(".git/modules/lib/config"), ".git/modules/lib/config"),
    Attack("a submodule's hook", write(".git/modules/lib/hooks/pre-commit"), ".git/modules/lib/hooks/pre-commit"),
    Attack("other submodules", "mv .git/modules m; cp -r m .git/modules; " + write(".git/modules/lib/config"),
           ".git/modules/lib/config"),
    Attack("a submodule's way to git", "echo EVIL >lib/.git; rm lib/.git; echo EVIL >lib/.git", "lib/.git"),
    Attack("a worktree's way to git", write(".git/worktrees/other/commondir"), ".git/worktrees/other/commondir"),
    Attack("another worktree's folder", "mv .git/worktrees w; cp -r w .git/worktrees; "
           + write(".git/worktrees/other/commondir"), ".git/worktrees/other/commondir"),
    Attack("the folder of hooksPath", write(".husky/_/pre-commit"), ".husky/_/pre-commit"),
    Attack("another folder above hooksPath", f"mv .husky h2; {write('.husky/_/pre-push')}", ".husky/_/pre-push"),
    Attack("an included configuration", write("tools/gitconfig"), "tools/gitconfig"),
    Attack("a nested repository's configuration", write("nested/.git/config"), "nested/.git/config"),
    Attack("a nested repository's git folder", "mv nested/.git n; cp -r n nested/.git; " + write("nested/.git/config"),
           "nested/.git/config"),
)  # fmt: skip
"""The bind plan stops them."""

FSMONITOR = "[core]\n\tfsmonitor = EVIL\n"

LANDING = (
    Attack("a new repository", write("new/.git/config", FSMONITOR), "new/.git/config"),
    Attack("a new repository's hook", write("new/.git/hooks/post-checkout"), "new/.git/hooks/post-checkout"),
    Attack("a repository for a folder of packages", write("node_modules/.git/config", FSMONITOR),
           "node_modules/.git/config"),
    Attack("a repository in place of another", "mv second s2; " + write("second/.git/config", FSMONITOR),
           "second/.git/config"),
    Attack("a .git file", write("far/.git", "gitdir: /EVIL"), "far/.git"),
    Attack("a bare repository", "mkdir -p bare/objects bare/refs; echo x >bare/HEAD; "
           + write("bare/config", FSMONITOR), "bare/config"),
    Attack("another common folder", "echo ../EVIL >.git/commondir", ".git/commondir"),
    Attack("a new worktree's common folder", write(".git/worktrees/made/commondir"), ".git/worktrees/made/commondir"),
    Attack("attributes", write(".git/info/attributes", "* filter=EVIL"), ".git/info/attributes"),
    Attack("a rebase", write(".git/rebase-merge/git-rebase-todo", "exec EVIL"), ".git/rebase-merge/git-rebase-todo"),
    Attack("direnv's file in a folder", write("deep/.envrc"), "deep/.envrc"),
    Attack("mise's file", write(".mise.toml"), ".mise.toml"),
    Attack("a new workspace file", write("new.code-workspace"), "new.code-workspace"),
    Attack("VS Code's tasks in a folder", write("deep/.vscode/tasks.json"), "deep/.vscode/tasks.json"),
    Attack("husky's hook", write(".husky/pre-commit"), ".husky/pre-commit"),
    Attack("pre-commit's hooks", write(".pre-commit-config.yaml"), ".pre-commit-config.yaml"),
    Attack("Claude Code's hooks", write(".claude/settings.json", '{"hooks": "EVIL"}'), ".claude/settings.json"),
    Attack("another agent's servers", write(".mcp.json"), ".mcp.json"),
    Attack("a link out of the workspace", "ln -s /etc/EVIL notes", "notes"),
    Attack("a program with its owner's rights", "echo EVIL >su; chmod 6755 su", "su"),
    Attack("scripts of an install", write("package.json", '{"postinstall": "EVIL"}'), "package.json", "info"),
    Attack("a linter's configuration", write("eslint.config.js"), "eslint.config.js", "info"),
    Attack("a build script", write("build.rs"), "build.rs", "info"),
    Attack("npm's shell", write(".npmrc", "script-shell=EVIL"), ".npmrc", "info"),
)  # fmt: skip
"""No mount can stop them without stopping ordinary work: they are listed at the turn's end."""


def prepare(workspace: Path) -> None:
    """A workspace with one of everything."""
    repository(workspace)
    for name in ("nested", "second"):
        repository(workspace / name)
    _submodule(workspace)
    _linked_worktree(workspace)
    (workspace / ".vscode").mkdir()
    (workspace / ".vscode" / "tasks.json").write_text("{}\n")
    (workspace / ".envrc").write_text("\n")
    (workspace / "x.code-workspace").write_text("{}\n")
    (workspace / ".husky" / "_").mkdir(parents=True)
    (workspace / "tools").mkdir()
    (workspace / "tools" / "gitconfig").write_text("\n")
    (workspace / "node_modules").mkdir()
    git(workspace, "config", "core.hooksPath", ".husky/_")
    git(workspace, "config", "include.path", "../tools/gitconfig")


def _submodule(workspace: Path) -> None:
    repository(workspace / ".git" / "made")
    modules = workspace / ".git" / "modules"
    modules.mkdir()
    (workspace / ".git" / "made" / ".git").rename(modules / "lib")
    (workspace / "lib").mkdir()
    (workspace / "lib" / ".git").write_text("gitdir: ../.git/modules/lib\n")


def _linked_worktree(workspace: Path) -> None:
    """Of a worktree that is elsewhere on the host, outside of the workspace."""
    git(workspace, "worktree", "add", "-q", str(workspace.parent / "other"))
