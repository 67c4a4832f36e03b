"""How agents are told where their vendor's API is: by a variable, or by a configuration that is in one. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Variables = Mapping[str, str]


class Endpoint(Protocol):
    """One way to tell."""

    @property
    def variable(self) -> str:
        """The variable that it is in."""
        ...

    def read(self, variables: Variables) -> str:
        """The URL that somebody set; empty for the vendor's own."""
        ...

    def write(self, variables: Variables, url: str) -> str:
        """The variable's value with another URL in it."""
        ...


@dataclass(frozen=True, slots=True)
class PlainEndpoint:
    """The variable is the URL."""

    variable: str

    def read(self, variables: Variables) -> str:
        """See :class:`Endpoint`."""
        return variables.get(self.variable, "")

    def write(self, _: Variables, url: str) -> str:
        """See :class:`Endpoint`."""
        return url


@dataclass(frozen=True, slots=True)
class CodexEndpoint:
    """Codex' configuration, as its ACP adapter takes it: the chosen provider's ``base_url``, or ``openai_base_url``."""

    variable: str = "CODEX_CONFIG"

    def read(self, variables: Variables) -> str:
        """See :class:`Endpoint`. ``OPENAI_BASE_URL`` counts where the configuration says nothing."""
        config = _object(variables.get(self.variable, ""))
        found = _chosen(config, variables).get("base_url") or config.get("openai_base_url")
        return str(found or variables.get("OPENAI_BASE_URL", ""))

    def write(self, variables: Variables, url: str) -> str:
        """See :class:`Endpoint`."""
        config = _object(variables.get(self.variable, ""))
        chosen = _chosen(config, variables)
        if chosen:
            chosen["base_url"] = url
        else:
            config["openai_base_url"] = url
        return json.dumps(config)


@dataclass(frozen=True, slots=True)
class OpenCodeEndpoint:
    """OpenCode's configuration: ``baseURL`` of one of its providers."""

    provider: str
    variable: str = "OPENCODE_CONFIG_CONTENT"

    def read(self, variables: Variables) -> str:
        """See :class:`Endpoint`."""
        return str(self._options(_object(variables.get(self.variable, ""))).get("baseURL", ""))

    def write(self, variables: Variables, url: str) -> str:
        """See :class:`Endpoint`."""
        config = _object(variables.get(self.variable, ""))
        self._options(config)["baseURL"] = url
        return json.dumps(config)

    def _options(self, config: dict[str, Any]) -> dict[str, Any]:
        place = config
        for name in ("provider", self.provider, "options"):
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                raise ValueError(f"{self.variable} has no provider {self.provider} that could be told")  # noqa: TRY004 - what was written is wrong
        return place


def _object(text: str) -> dict[str, Any]:
    """A JSON object; raises ``ValueError`` for anything else."""
    found = json.loads(text) if text.strip() else {}
    if not isinstance(found, dict):
        raise ValueError("a configuration that is no JSON object")  # noqa: TRY004 - what was written is wrong
    return found


def _chosen(config: dict[str, Any], variables: Variables) -> dict[str, Any]:
    """The provider that Codex is told to use, where it has one of the user's own; it is changed in place."""
    name = variables.get("MODEL_PROVIDER") or config.get("model_provider", "")
    providers = config.get("model_providers")
    chosen = providers.get(name) if isinstance(providers, dict) else None
    return chosen if isinstance(chosen, dict) and chosen.get("base_url") else {}
