"""Variables that a repository may not set.

They make programs run code, send keys or traffic somewhere else, or weaken TLS. The user's own settings, the request
and the editor's environment may set them; files in a workspace and merged editor settings may not. Compared without
regard to case, since some runtimes read both.
"""

import fnmatch

from berth.errors import SettingsError

_RESERVED = (
    # Loaders and interpreters that run code named in a variable.
    *("LD_*", "DYLD_*", "GCONV_PATH", "NODE_OPTIONS", "BASH_ENV", "ENV", "BASH_FUNC_*", "SHELLOPTS", "BASHOPTS", "PS4"),
    *("PROMPT_COMMAND", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONHOME", "PYTHONBREAKPOINT", "PERL5OPT", "RUBYOPT"),
    *("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LUA_INIT*", "BROWSER"),
    # Programs that git runs, and configuration that names such programs.
    *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER"),
    *("GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_CONFIG*", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_ALLOW_*"),
    # Where traffic goes.
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY"),
    # Where an agent's key goes.
    *("ANTHROPIC_*URL", "ANTHROPIC_CUSTOM_HEADERS", "CLAUDE_CODE_*URL", "OPENAI_BASE_URL", "OPENAI_HOST"),
    *("GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "OLLAMA_HOST", "DATABRICKS_HOST", "GH_HOST"),
    *("OPENCODE_CONFIG*", "AWS_ENDPOINT_URL*"),
    # Whose certificates are believed.
    *("NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("CURL_CA_BUNDLE", "GIT_SSL_*", "PIP_CERT", "PIP_TRUSTED_HOST"),
)

MACHINE_BOUND = frozenset(
    (
        *("HOME", "PATH", "PWD", "OLDPWD", "SHELL", "SHLVL", "USER", "LOGNAME", "HOSTNAME", "TMPDIR", "TMP", "TEMP"),
        *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO"),
        *("DBUS_SESSION_BUS_ADDRESS", "DOCKER_HOST", "VIRTUAL_ENV", "PYTHONPATH", "NODE_PATH", "_"),
        *("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
    )
)
"""Variables that mean something on the host only. A glob never forwards them; their exact name does (but for HOME)."""


def is_reserved(name: str) -> bool:
    """Whether a repository may not set this variable."""
    return any(fnmatch.fnmatchcase(name.upper(), pattern) for pattern in _RESERVED)


def require_settable(name: str, place: str) -> None:
    """Refuses a variable that nobody may set. Those that only the user may set are for :mod:`berth.planning.breaches`.

    Raises:
        SettingsError: ``reserved-variable``.
    """
    if name == "HOME":
        raise SettingsError(
            "reserved-variable",
            f"HOME cannot be set ({place}): it is where the agent's volume is.",
            "Set berth.agents.<name>.home to move it.",
        )
