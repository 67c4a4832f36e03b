"""Variables that a repository may not set for a plain process.

In a container they reach what is in it. Without one they decide which programs of the user's machine run, what those
read as their configuration, and whether an agent asks before it acts. The list is longer than the one for containers
and can never be complete, which is why the mode is the user's to choose.
"""

import fnmatch

from berth.errors import SettingsError
from berth.planning.reserved import MACHINE_BOUND, is_reserved

_RESERVED = (
    # Whether agents ask, and where they read their configuration.
    *("IS_SANDBOX", "INITIAL_AGENT_MODE", "DEFAULT_AUTH_REQUEST", "MODEL_PROVIDER"),
    *("CLAUDE_*", "CODEX_*", "GEMINI_CLI_*", "GEMINI_SANDBOX*", "OPENCODE_*", "COPILOT_*", "QWEN_*", "GOOSE_*"),
    *("*_CONFIG", "*_CONFIG_DIR", "*_CONFIG_FILE", "*_CONFIG_HOME", "*_HOME", "XDG_*"),
    # Programs that are run, and flags that name such programs.
    *("EDITOR", "VISUAL", "PAGER", "*_EDITOR", "*_PAGER", "*_ASKPASS", "*_SHELL", "SHELL", "GIT_*", "MAKEFLAGS"),
    *("CC", "CXX", "LD", "*_WRAPPER", "GOFLAGS", "RUSTFLAGS", "CARGO_*", "NPM_CONFIG_*", "YARN_*", "PNPM_*", "PIP_*"),
    *(
        "UV_*",
        "PYTHONUSERBASE",
        "PYTHONPLATLIBDIR",
        "PYTEST_*",
        "RUBYLIB",
        "GEM_*",
        "BUNDLE_*",
        "PERL5LIB",
        "CLASSPATH",
    ),
    *(
        "MAVEN_OPTS",
        "GRADLE_OPTS",
        "DOCKER_*",
        "KUBECONFIG",
        "SUDO_*",
        "LESSOPEN",
        "LESSCLOSE",
        "MANPAGER",
        "IFS",
        "CDPATH",
    ),
)


def is_reserved_on_host(name: str) -> bool:
    """Whether a repository may not set this variable for a plain process."""
    upper = name.upper()
    return is_reserved(name) or upper in MACHINE_BOUND or any(fnmatch.fnmatchcase(upper, glob) for glob in _RESERVED)


def require_settable_on_host(name: str, place: str, *, trusted: bool) -> None:
    """Refuses a variable that only the user may set for a plain process.

    Raises:
        SettingsError: ``reserved-variable``.
    """
    if not trusted and is_reserved_on_host(name):
        raise SettingsError(
            "reserved-variable",
            f"{name} may be set by the user's own settings only when there is no container ({place}).",
            "Write it in the user's settings file, pass it with the request, or run the agent in a container.",
        )
