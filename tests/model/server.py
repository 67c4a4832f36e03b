"""The tests' model endpoint: three vendors' APIs on one port, one script behind them.

As a program, ``python -m tests.model [PORT]`` serves it until it is interrupted.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from berth.demo import messages
from berth.demo.http import Request, Response, serving, whole
from berth.demo.model import EVERYWHERE
from berth.demo.replies import Asked, Failure, Reply, Script
from tests.model import completions, responses
from tests.model.scenarios import scenario

HOST = "host.docker.internal"
"""What containers call this machine."""

NO_RETRIES = {"env_key": "OPENAI_API_KEY", "request_max_retries": 0, "stream_max_retries": 0}

MODELS = b'{"object":"list","data":[{"id":"scripted","object":"model"}],"models":[]}'


@dataclass
class ModelServer:
    """A running model. ``asked`` is every request that came through a chat endpoint, in order; ``requests`` all."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def prompts(self) -> list[str]:
        """The prompts of the requests that offered tools: side requests left out."""
        return [asked.prompt for asked in self.asked if asked.tools]

    @property
    def url(self) -> str:
        """Where containers reach it."""
        return f"http://{HOST}:{self.port}"

    def claude(self) -> dict[str, str]:
        """Variables for Claude Code, by itself or behind its ACP adapter."""
        return {
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_KEY": "scripted",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_RETRIES": "0",
            "DISABLE_AUTOUPDATER": "1",
        }

    def codex(self) -> dict[str, str]:
        """Variables for Codex behind its ACP adapter, in the one mode that does without a sandbox of its own."""
        provider = {"name": "scripted", "base_url": f"{self.url}/v1", "wire_api": "responses", **NO_RETRIES}
        config = {"model": "scripted", "model_provider": "scripted", "model_providers": {"scripted": provider}}
        return {
            "CODEX_CONFIG": json.dumps(config),
            "MODEL_PROVIDER": "scripted",
            "DEFAULT_AUTH_REQUEST": '{"methodId": "api-key"}',
            "INITIAL_AGENT_MODE": "agent-full-access",
            "NO_BROWSER": "1",
            "OPENAI_API_KEY": "scripted",
        }

    def opencode(self) -> dict[str, str]:
        """Variables for OpenCode, which is told to ask before it writes or runs anything."""
        options = {"baseURL": f"{self.url}/v1", "apiKey": "scripted"}
        limit = {"context": 100_000, "output": 8_000}
        provider = {
            "npm": "@ai-sdk/openai-compatible",
            "name": "scripted",
            "options": options,
            "models": {"scripted": {"name": "scripted", "limit": limit}},
        }
        config = {
            "model": "scripted/scripted",
            "small_model": "scripted/scripted",
            "autoupdate": False,
            "share": "disabled",
            "permission": {"edit": "ask", "bash": "ask"},
            "provider": {"scripted": provider},
        }
        return {"OPENCODE_CONFIG_CONTENT": json.dumps(config), "OPENCODE_DISABLE_MODELS_FETCH": "1"}


@asynccontextmanager
async def model_server(script: Script = scenario, *, port: int = 0) -> AsyncIterator[ModelServer]:
    """Serves a script until the block is left."""
    model = ModelServer()

    def listening(asked: Asked) -> Reply | Failure:
        model.asked.append(asked)
        return script(asked)

    async def answer(request: Request) -> Response:
        model.requests.append(request)
        if request.path.endswith("/responses"):
            return responses.answer(request, listening)
        if request.path.endswith("/chat/completions"):
            return completions.answer(request, listening)
        if request.path.endswith("/models"):
            return whole(200, messages.JSON, MODELS)
        return await messages.answer(request, listening)

    async with serving(answer, host=EVERYWHERE, port=port) as chosen:
        model.port = chosen
        yield model
