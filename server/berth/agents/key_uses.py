"""The keys of the agents that Berth knows: in which variable, whose, and how the agent is told where to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from berth.agents.endpoints import CodexEndpoint, Endpoint, OpenCodeEndpoint, PlainEndpoint
from berth.agents.providers import PROVIDERS, Provider


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key of an agent.

    Attributes:
        variable: Where the agent looks for it.
        provider: Whose it is.
        endpoint: How the agent is told where to go.
        header: The header that it goes into; empty for the provider's own.
        not_with: A variable with headers of the user's own for the same requests, which the broker might drop.
        suffix: What the agent's URL has at its end beyond the provider's.
    """

    variable: str
    provider: Provider
    endpoint: Endpoint
    header: str = ""
    not_with: str = ""
    suffix: str = ""


_HEADERS = "ANTHROPIC_CUSTOM_HEADERS"
_ANTHROPIC = PROVIDERS["anthropic"]
_CLAUDE_URL = PlainEndpoint("ANTHROPIC_BASE_URL")
_CLAUDE = (
    KeyUse("ANTHROPIC_API_KEY", _ANTHROPIC, _CLAUDE_URL, not_with=_HEADERS),
    KeyUse("ANTHROPIC_AUTH_TOKEN", _ANTHROPIC, _CLAUDE_URL, "authorization", _HEADERS),
    KeyUse("CLAUDE_CODE_OAUTH_TOKEN", _ANTHROPIC, _CLAUDE_URL, "authorization", _HEADERS),
)
_OPENCODE = (
    KeyUse("ANTHROPIC_API_KEY", _ANTHROPIC, OpenCodeEndpoint("anthropic"), suffix="/v1"),
    KeyUse("GEMINI_API_KEY", PROVIDERS["google"], OpenCodeEndpoint("google"), suffix="/v1beta"),
    KeyUse("GOOGLE_GENERATIVE_AI_API_KEY", PROVIDERS["google"], OpenCodeEndpoint("google"), suffix="/v1beta"),
    *(
        KeyUse(f"{name.upper()}_API_KEY", PROVIDERS[name], OpenCodeEndpoint(name))
        for name in ("openai", "openrouter", "groq", "mistral", "xai", "deepseek")
    ),
)

KEY_USES: Mapping[str, tuple[KeyUse, ...]] = MappingProxyType(
    {
        "claude": _CLAUDE,
        "claude-cli": _CLAUDE,
        "codex": (
            KeyUse("OPENAI_API_KEY", PROVIDERS["openai"], CodexEndpoint()),
            KeyUse("CODEX_API_KEY", PROVIDERS["openai"], CodexEndpoint()),
        ),
        "gemini": (KeyUse("GEMINI_API_KEY", PROVIDERS["google"], PlainEndpoint("GOOGLE_GEMINI_BASE_URL")),),
        "opencode": _OPENCODE,
        "qwen": (KeyUse("OPENAI_API_KEY", PROVIDERS["openai"], PlainEndpoint("OPENAI_BASE_URL")),),
    }
)
"""By the agent's name. The keys of agents that are not here go in as variables: they cannot be told where to go."""
