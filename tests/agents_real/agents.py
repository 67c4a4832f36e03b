"""The real agents that these tests run, each with the variables that send it to the scripted model."""

from collections.abc import Callable, Mapping

from tests.model.server import ModelServer

ENVIRONMENTS: Mapping[str, Callable[[ModelServer], dict[str, str]]] = {
    "claude": ModelServer.claude,
    "claude-cli": ModelServer.claude,
    "codex": ModelServer.codex,
    "opencode": ModelServer.opencode,
}

ASKING = ("claude", "claude-cli", "opencode")
"""Agents that ask before they write. Codex in a container is told not to: its own sandbox cannot work there."""
