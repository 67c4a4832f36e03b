"""How people sign in to the agents: their own login commands, where logins are kept, and the keys that do instead.

Commands as the pinned versions have them (``images/agent``). Agents that are not here are said nothing about: Berth
does not know when nobody is signed in to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from berth.agents.catalog import KNOWN_AGENTS


@dataclass(frozen=True, slots=True)
class Login:
    """One agent's way of signing in.

    Attributes:
        argv: Its own login, for a terminal, in a container without a browser.
        folder: Where it keeps its login, below HOME.
        files: Files in ``folder``, the login itself first.
        keys: Variables any of which signs it in, or tells it to use another cloud's login.
        note: What a person does in the terminal.
        folder_variable: The variable of the host that moves ``folder``; empty when there is none.
        environment: What the login is given on top.
        copy_note: What else it takes once a login was copied.
    """

    argv: tuple[str, ...]
    folder: str
    files: tuple[str, ...]
    keys: tuple[str, ...]
    note: str
    folder_variable: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    copy_note: str = ""


_CLAUDE = Login(
    argv=("claude", "auth", "login"),
    folder=".claude",
    files=(".credentials.json",),
    keys=(
        *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
        *("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"),
    ),
    note="Open the address that it prints in a browser, sign in, and paste the code that you get.",
    folder_variable="CLAUDE_CONFIG_DIR",
)

LOGINS: Mapping[str, Login] = MappingProxyType(
    {
        "claude": _CLAUDE,
        "claude-cli": _CLAUDE,
        "codex": Login(
            # Its usual way waits for the browser at a port of the container, which no browser reaches.
            argv=("codex", "login", "--device-auth"),
            folder=".codex",
            files=("auth.json",),
            keys=("OPENAI_API_KEY", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN"),
            note="Open the address that it prints in a browser and type the code that it shows.",
            folder_variable="CODEX_HOME",
        ),
        "gemini": Login(
            argv=("gemini",),
            folder=".gemini",
            files=("oauth_creds.json", "google_accounts.json"),
            keys=(
                *("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI"),
                "GOOGLE_CLOUD_ACCESS_TOKEN",
            ),
            note="Choose how to sign in, open the address that it prints in a browser, paste the code; then /quit.",
            environment=MappingProxyType({"NO_BROWSER": "true"}),
            copy_note="Set GOOGLE_GENAI_USE_GCA=true in the editor's environment, so that it uses a Google account.",
        ),
        "opencode": Login(
            argv=("opencode", "auth", "login"),
            folder=".local/share/opencode",
            files=("auth.json",),
            keys=tuple(name for name in KNOWN_AGENTS["opencode"].forwarded if name.endswith("_API_KEY")),
            note="Choose a provider and do what it says.",
        ),
    }
)
"""By the agent's name in the catalog."""
