"""The hosts that agents talk to by themselves, as their vendors document them, and those that only count their use."""

from collections.abc import Iterator, Mapping

_ANTHROPIC = ("api.anthropic.com", "platform.claude.com", "console.anthropic.com", "claude.ai")
_OPENAI = ("api.openai.com", "auth.openai.com", "chatgpt.com")
_GOOGLE = (
    *("generativelanguage.googleapis.com", "cloudcode-pa.googleapis.com", "oauth2.googleapis.com"),
    *("accounts.google.com", "www.googleapis.com"),
)
_BY_KEY: Mapping[str, tuple[str, ...]] = {
    "ANTHROPIC_API_KEY": ("api.anthropic.com",),
    "OPENAI_API_KEY": ("api.openai.com",),
    "GEMINI_API_KEY": ("generativelanguage.googleapis.com",),
    "GOOGLE_API_KEY": ("generativelanguage.googleapis.com",),
    "GOOGLE_GENERATIVE_AI_API_KEY": ("generativelanguage.googleapis.com",),
    "OPENROUTER_API_KEY": ("openrouter.ai",),
    "GROQ_API_KEY": ("api.groq.com",),
    "MISTRAL_API_KEY": ("api.mistral.ai",),
    "XAI_API_KEY": ("api.x.ai",),
    "DEEPSEEK_API_KEY": ("api.deepseek.com",),
    "DASHSCOPE_API_KEY": ("dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"),
    "OPENCODE_API_KEY": ("opencode.ai",),
}
_HOSTS: Mapping[str, tuple[str, ...]] = {
    "claude": _ANTHROPIC,
    "claude-cli": _ANTHROPIC,
    "codex": (*_OPENAI, "github.com", "api.github.com"),  # its list of plugins, fetched at each start
    "gemini": _GOOGLE,
    "opencode": ("models.dev",),
    "copilot": (
        *("api.github.com", "github.com", "api.githubcopilot.com", "api.individual.githubcopilot.com"),
        *("api.business.githubcopilot.com", "api.enterprise.githubcopilot.com"),
    ),
    "qwen": ("chat.qwen.ai", "portal.qwen.ai"),
}
CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "dev.azure.com", "git.sr.ht")
"""Where everybody may have repositories. A list, so that no workspace can add to it."""

_QUIET = (
    *("statsig.anthropic.com", "statsig.com", "api.statsig.com", "events.statsigapi.net", "featureassets.org"),
    *("http-intake.logs.us5.datadoghq.com", "browser-intake-us5-datadoghq.com"),
    *("ab.chatgpt.com", "play.googleapis.com", "us.i.posthog.com"),
)
"""Telemetry of the agents."""

_SEVERAL_PROVIDERS = frozenset({"opencode", "goose", "qwen"})


def agent_hosts(agent: str, variables: Mapping[str, str]) -> Iterator[str]:
    """The hosts of an agent that Berth knows; ``variables`` are its own, and decide where clouds are involved."""
    yield from _HOSTS.get(agent, ())
    if agent in _SEVERAL_PROVIDERS:
        yield from (host for key, hosts in _BY_KEY.items() if variables.get(key) for host in hosts)
    if agent in ("claude", "claude-cli"):
        yield from _claude_clouds(variables)
    if agent == "gemini" and variables.get("GOOGLE_GENAI_USE_VERTEXAI"):
        yield from _vertex(variables.get("GOOGLE_CLOUD_LOCATION", ""))


def quiet_hosts() -> tuple[str, ...]:
    """Hosts that agents report to by themselves, whatever they are told: nobody is asked about these."""
    return _QUIET


def _claude_clouds(variables: Mapping[str, str]) -> Iterator[str]:
    if variables.get("CLAUDE_CODE_USE_BEDROCK"):
        region = variables.get("AWS_REGION") or variables.get("AWS_DEFAULT_REGION") or "us-east-1"
        yield from (f"bedrock-runtime.{region}.amazonaws.com", f"bedrock.{region}.amazonaws.com")
        yield f"sts.{region}.amazonaws.com"
    if variables.get("CLAUDE_CODE_USE_VERTEX"):
        yield from _vertex(variables.get("CLOUD_ML_REGION", ""))
        yield "oauth2.googleapis.com"


def _vertex(location: str) -> Iterator[str]:
    yield "aiplatform.googleapis.com" if location in ("", "global") else f"{location}-aiplatform.googleapis.com"
