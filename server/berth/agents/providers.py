"""The vendors of models: where their keys go, and the only requests that a session may make with them.

Paths as the vendors document them. What reads or changes the account itself is not among them: keys, files, batches,
stored answers of other sessions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Provider:
    """One vendor.

    Attributes:
        name: What settings call it.
        url: Where its API is, with all that stands before every path.
        routes: Method and path below ``url``; ``*`` is one name.
        header: The header that a key goes into; in ``authorization`` the word ``Bearer`` stands before it.
        hosts: The hosts that its agents talk to by themselves, which they need no more where the broker does it.
    """

    name: str
    url: str
    routes: tuple[str, ...]
    header: str = "authorization"
    hosts: tuple[str, ...] = ()


_ANTHROPIC = ("POST /v1/messages", "POST /v1/messages/count_tokens", "GET /v1/models", "GET /v1/models/*")
_OPENAI = ("POST /responses", "POST /responses/compact", "POST /chat/completions", "GET /models", "GET /models/*")
_GOOGLE_CALLS = ("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents")
_GOOGLE = (
    *(f"POST /{version}/models/*:{call}" for version in ("v1beta", "v1") for call in _GOOGLE_CALLS),
    *("GET /v1beta/models", "GET /v1beta/models/*"),
)


def _compatible(name: str, url: str, host: str) -> Provider:
    """One that speaks OpenAI's language."""
    return Provider(name, url, _OPENAI, hosts=(host,))


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        provider.name: provider
        for provider in (
            Provider(
                "anthropic",
                "https://api.anthropic.com",
                _ANTHROPIC,
                header="x-api-key",
                hosts=("api.anthropic.com", "platform.claude.com", "console.anthropic.com", "claude.ai"),
            ),
            Provider(
                "openai",
                "https://api.openai.com/v1",
                _OPENAI,
                hosts=("api.openai.com", "auth.openai.com", "chatgpt.com"),
            ),
            Provider(
                "google",
                "https://generativelanguage.googleapis.com",
                _GOOGLE,
                header="x-goog-api-key",
                hosts=(
                    *("generativelanguage.googleapis.com", "cloudcode-pa.googleapis.com", "oauth2.googleapis.com"),
                    *("accounts.google.com", "www.googleapis.com"),
                ),
            ),
            _compatible("openrouter", "https://openrouter.ai/api/v1", "openrouter.ai"),
            _compatible("groq", "https://api.groq.com/openai/v1", "api.groq.com"),
            _compatible("mistral", "https://api.mistral.ai/v1", "api.mistral.ai"),
            _compatible("xai", "https://api.x.ai/v1", "api.x.ai"),
            _compatible("deepseek", "https://api.deepseek.com/v1", "api.deepseek.com"),
        )
    }
)
"""Every vendor that needs no settings, by name."""
