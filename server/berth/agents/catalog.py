"""The agents Berth knows by name: what to run, how to talk to it, and which of the editor's variables are its own.

Commands as in ``docs/agents.md``; variables are the ones each vendor documents for signing in, for choosing an endpoint
and for choosing a model. Names that hold a path of the host (``GOOGLE_APPLICATION_CREDENTIALS``, ``AWS_CONFIG_FILE``)
are left out on purpose: the file is not in the container.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from berth.agents.base import DialectName

HOME = "/home/agent"
"""Where an agent's HOME is in a container, unless its entry says otherwise. The agent image makes it for any uid."""


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """One agent program.

    Attributes:
        name: What settings and commands call it.
        title: What people call it.
        argv: The command, looked up in the image's PATH.
        dialect: How it is spoken to.
        forwarded: Names and globs of the editor's variables that are this agent's own.
        forwarded_when: Further names, forwarded only while the variable they stand under is set in the editor:
            cloud credentials are nobody's business unless the agent is told to use that cloud.
        environment: What it is given on top, lowest priority.
        bundle: Its name in the ``AGENTS`` build argument of Berth's image; None when the image cannot have it.
        login_hint: What a person does when it says that nobody is signed in.
        handshake_timeout: Seconds from start to the end of the handshake. The slowest cold start seen took 8.
        home: Its HOME in the container.
        package: Its package on npm, for those who want it on their machine; empty when it is not there.
        host_arguments: Added to ``argv`` without a container: what makes it ask before it acts.
        host_environment: What it is given without a container, in the place of ``environment``; for the same purpose.
        asking_mode: The value of its option ``mode`` in which it asks, set without a container whatever it starts in;
            empty when it has no such option.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    dialect: DialectName
    forwarded: tuple[str, ...] = ()
    forwarded_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    bundle: str | None = None
    login_hint: str = ""
    handshake_timeout: float = 60.0
    home: str = HOME
    package: str = ""
    host_arguments: tuple[str, ...] = ()
    host_environment: Mapping[str, str] = field(default_factory=dict)
    asking_mode: str = ""


_AWS = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"),
    *("AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_BEDROCK_BASE_URL", "CLAUDE_CODE_SKIP_BEDROCK_AUTH"),
    "ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION",
)
_VERTEX = (
    *("ANTHROPIC_VERTEX_PROJECT_ID", "ANTHROPIC_VERTEX_BASE_URL", "CLOUD_ML_REGION", "VERTEX_REGION_*"),
    *("CLAUDE_CODE_SKIP_VERTEX_AUTH", "GOOGLE_CLOUD_PROJECT"),
)
_CLAUDE_FORWARDED = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_MODEL",
    "ANTHROPIC_SMALL_FAST_MODEL",
    "ANTHROPIC_DEFAULT_*_MODEL",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
)
_CLAUDE_SWITCHES = MappingProxyType(
    {
        "CLAUDE_CODE_USE_BEDROCK": _AWS,
        "CLAUDE_CODE_USE_VERTEX": _VERTEX,
        "CLAUDE_CODE_USE_FOUNDRY": ("ANTHROPIC_FOUNDRY_*",),
    }
)
_CLAUDE_ENVIRONMENT = MappingProxyType(
    {
        # The image is the version; telemetry and updates would only be traffic nobody asked for.
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        # Lets Claude Code run as uid 0, which is who owns the workspace on rootless engines.
        "IS_SANDBOX": "1",
    }
)
_CLAUDE_LOGIN = (
    "Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN (made by `claude setup-token`) in the editor's environment."
)
_PROVIDERS = (
    *("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENROUTER_API_KEY"),
    *("GROQ_API_KEY", "MISTRAL_API_KEY", "XAI_API_KEY", "DEEPSEEK_API_KEY"),
)

KNOWN_AGENTS: Mapping[str, KnownAgent] = MappingProxyType(
    {
        agent.name: agent
        for agent in (
            KnownAgent(
                "claude",
                "Claude Code",
                ("claude-agent-acp",),
                "acp",
                _CLAUDE_FORWARDED,
                _CLAUDE_SWITCHES,
                _CLAUDE_ENVIRONMENT,
                bundle="claude",
                login_hint=_CLAUDE_LOGIN,
                package="@agentclientprotocol/claude-agent-acp",
                asking_mode="default",
            ),
            KnownAgent(
                "claude-cli",
                "Claude Code (command line)",
                (
                    *("claude", "-p", "--input-format", "stream-json", "--output-format", "stream-json"),
                    *("--verbose", "--permission-prompt-tool", "stdio", "--include-partial-messages"),
                ),
                "claude",
                _CLAUDE_FORWARDED,
                _CLAUDE_SWITCHES,
                _CLAUDE_ENVIRONMENT,
                bundle="claude",
                login_hint=_CLAUDE_LOGIN,
                package="@anthropic-ai/claude-code",
                host_arguments=("--permission-mode", "default"),
            ),
            KnownAgent(
                "codex",
                "Codex",
                ("codex-acp",),
                "acp",
                (
                    *("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORGANIZATION", "OPENAI_PROJECT"),
                    *("CODEX_API_KEY", "CODEX_ACCESS_TOKEN"),
                ),
                environment={
                    # codex-acp wants to be told which way of signing in to take, and Codex's own sandbox (bwrap) needs
                    # namespaces that a container without capabilities cannot make: the container is the sandbox.
                    "DEFAULT_AUTH_REQUEST": '{"methodId":"api-key"}',
                    "INITIAL_AGENT_MODE": "agent-full-access",
                    "NO_BROWSER": "1",
                },
                bundle="codex",
                package="@agentclientprotocol/codex-acp",
                host_environment={
                    "DEFAULT_AUTH_REQUEST": '{"methodId":"api-key"}',
                    "INITIAL_AGENT_MODE": "read-only",
                    "NO_BROWSER": "1",
                },
                asking_mode="read-only",
                login_hint="Set OPENAI_API_KEY or CODEX_API_KEY in the editor's environment.",
            ),
            KnownAgent(
                "gemini",
                "Gemini CLI",
                ("gemini", "--acp"),
                "acp",
                (
                    *("GEMINI_API_KEY", "GEMINI_MODEL", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"),
                    *("GOOGLE_VERTEX_BASE_URL", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"),
                    *("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_GCA", "GOOGLE_CLOUD_ACCESS_TOKEN"),
                ),
                bundle="gemini",
                package="@google/gemini-cli",
                asking_mode="default",
                login_hint="Set GEMINI_API_KEY (or GOOGLE_API_KEY for Vertex AI) in the editor's environment.",
            ),
            KnownAgent(
                "opencode",
                "OpenCode",
                ("opencode", "acp"),
                "acp",
                (*_PROVIDERS, "OPENCODE_API_KEY", "OPENCODE_CONFIG_CONTENT", "GOOGLE_GENERATIVE_AI_API_KEY"),
                environment=MappingProxyType({"OPENCODE_DISABLE_AUTOUPDATE": "1"}),
                bundle="opencode",
                package="opencode-ai",
                # OpenCode allows everything unless it is told otherwise.
                host_environment=MappingProxyType(
                    {"OPENCODE_PERMISSION": '{"*":"ask","read":"allow","glob":"allow","grep":"allow","list":"allow"}'}
                ),
                login_hint="Set a provider's key (ANTHROPIC_API_KEY, OPENAI_API_KEY, …) in the editor's environment.",
            ),
            KnownAgent(
                "copilot",
                "GitHub Copilot CLI",
                ("copilot", "--acp", "--stdio"),
                "acp",
                ("COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN", "GH_HOST", "COPILOT_MODEL"),
                environment=MappingProxyType({"COPILOT_AUTO_UPDATE": "false"}),
                package="@github/copilot",
                login_hint="Set COPILOT_GITHUB_TOKEN in the editor's environment.",
            ),
            KnownAgent(
                "qwen",
                "Qwen Code",
                ("qwen", "--acp"),
                "acp",
                ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"),
                package="@qwen-code/qwen-code",
                asking_mode="default",
                login_hint="Set OPENAI_API_KEY and OPENAI_BASE_URL, or DASHSCOPE_API_KEY, in the editor's environment.",
            ),
            KnownAgent(
                "goose",
                "goose",
                ("goose", "acp"),
                "acp",
                (
                    *(*_PROVIDERS, "GOOSE_PROVIDER", "GOOSE_MODEL", "GOOSE_MODE", "OPENAI_HOST", "OLLAMA_HOST"),
                    *("DATABRICKS_HOST", "DATABRICKS_TOKEN"),
                ),
                # goose does everything by itself unless it is told otherwise.
                host_environment=MappingProxyType({"GOOSE_MODE": "approve"}),
                login_hint="Set GOOSE_PROVIDER, GOOSE_MODEL and that provider's key in the editor's environment.",
            ),
        )
    }
)
"""Every agent that needs no settings, by name."""
