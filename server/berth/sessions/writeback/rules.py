"""Files that run on the host by being there. Pure: names, and texts where a name does not tell.

The line: listed is what runs **without a person asking for it**. What runs when somebody builds, tests, installs or
starts the project is its code like all the rest, and not listed. ``warning`` is what git, editors and shells obey by
themselves; ``info`` is what language servers, linters and installers load, which agents change every day for good
reasons: it is told, but nobody is interrupted.
"""

import re
from dataclasses import dataclass
from typing import Literal

Severity = Literal["warning", "info"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What runs a file. ``paths`` is matched against the whole relative path, ``text`` searched in the file."""

    paths: re.Pattern[str]
    what: str
    severity: Severity = "warning"
    text: re.Pattern[bytes] | None = None


def _rule(paths: str, what: str, severity: Severity = "warning", text: bytes | None = None) -> Rule:
    searched = re.compile(text, re.IGNORECASE | re.MULTILINE) if text else None
    return Rule(re.compile(rf"(?:.*/)?(?:{paths})"), what, severity, searched)


_INSTALL = rb'"(?:pre|post)?(?:install|prepare)"\s*:'
_NPM = rb"^\s*(?:script-shell|node-options|shell|git|yarnPath|yarn-path|plugins|pnpmfile|global-pnpmfile)\s*[:=]"
_CLAUDE = rb'"(?:hooks|statusLine|apiKeyHelper|env|mcpServers|awsAuthRefresh|otelHeadersHelper)"\s*:'

_MODULES = rb"^\s*(?:update\s*=\s*!|url\s*=\s*(?:ext::|-))"

RULES = (
    _rule(r"\.vscode(?:/.*)?", "VS Code obeys it when the folder is opened: tasks, settings, programs to run"),
    _rule(r".*\.code-workspace", "VS Code obeys its settings and tasks when it is opened"),
    _rule(r"\.devcontainer(?:/.*)?|\.devcontainer\.json", "editors run its initializeCommand on this machine"),
    _rule(r"\.idea(?:/.*)?", "JetBrains' editors obey it when the folder is opened: run configurations, file watchers"),
    _rule(r"\.berth(?:/.*)?", "Berth reads it for the next session"),
    _rule(r"\.(?:zed|helix|fleet|cursor)(?:/.*)?", "the editor of this name obeys it when the folder is opened"),
    _rule(r"\.exrc|\.nvimrc|\.nvim\.lua|\.vimrc|\.lvimrc|\.dir-locals(?:-2)?\.el", "editors run it on opening a file"),
    _rule(r"[^/]*\.sublime-project", "Sublime Text obeys its build systems"),
    _rule(r"\.envrc|\.env\.zsh|\.autoenv(?:\.zsh)?|\.in|\.rvmrc", "shells run it when the folder is entered"),
    _rule(r"\.?mise(?:\.[^/]+)?\.toml|\.mise/.*|\.config/mise(?:/.*|\.toml)", "mise runs it on entering the folder"),
    _rule(r"\.husky(?:/.*)?", "git runs it at a commit, through husky"),
    _rule(r"\.pre-commit-config\.yaml|\.pre-commit-hooks\.yaml", "git runs it at a commit, through pre-commit"),
    _rule(r"\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.lefthook/.*|\.overcommit\.yml", "git runs it at a commit"),
    _rule(r"\.claude/settings(?:\.local)?\.json", "Claude Code on this machine runs its hooks", text=_CLAUDE),
    _rule(r"\.mcp\.json|\.(?:gemini|qwen)/settings\.json|\.codex/.*", "agents on this machine start what it names"),
    _rule(r"\.gitmodules", "git runs it on updating submodules", text=_MODULES),
    _rule(r"\.gitattributes", "has git run drivers of your own configuration", "info", rb"\b(?:filter|diff|merge)="),
    _rule(r"\.lintstagedrc(?:\.[^/]+)?|lint-staged\.config\.[^/]+", "lint-staged runs it at a commit", "info"),
    _rule(r"\.?(?:eslint|prettier|stylelint)(?:rc|\.config)\.[cm]?[jt]s", "linters in editors run it", "info"),
    _rule(r"build\.rs|\.cargo/config(?:\.toml)?|rust-toolchain(?:\.toml)?", "rust-analyzer runs it on opening", "info"),
    _rule(r"(?:build|settings|init)\.gradle(?:\.kts)?|\.mvn/.*|mix\.exs|Gemfile", "language servers run it", "info"),
    _rule(r"Directory\.Build\.(?:props|targets)|[^/]+\.csproj", "language servers for .NET run its targets", "info"),
    _rule(r"conftest\.py|sitecustomize\.py|usercustomize\.py|[^/]+\.pth", "Python runs it by its name", "info"),
    _rule(r"package\.json", "has scripts that an install runs", "info", _INSTALL),
    _rule(r"\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs", "names programs that package managers run", "info", _NPM),
)


def rule_for(path: str) -> Rule | None:
    """The rule for a path relative to the workspace; None for the project's ordinary code."""
    return next((rule for rule in RULES if rule.paths.fullmatch(path)), None)
