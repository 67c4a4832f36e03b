"""Plans from few words: everything that a test does not name is ordinary."""

import os.path
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.planning.breach import Breach, Level
from berth.planning.facts import EngineFacts, Facts, WorkspaceFacts
from berth.planning.host import plan_on_host
from berth.planning.host_plan import HostSessionPlan
from berth.planning.mode import ChosenMode, choose_mode
from berth.planning.plan import Mount, SessionPlan
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.protocol.session import Mode
from berth.settings.layers import Layer
from berth.settings.origin import LayerName
from berth.settings.resolve import resolve_settings
from berth.settings.settings import Settings

WORKSPACE = Path("/home/ada/project")
CANARY = "canary-value-never-to-be-seen"


@dataclass(frozen=True, slots=True)
class Case:
    """What a plan is made from. ``layers`` maps a layer's name to what stands in it; ``facts`` overrides facts.

    ``network`` is the user's mode, for tests that are about another one than the default.
    """

    layers: Mapping[LayerName, object] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    existing: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    network: str | None = None

    def plan(self) -> SessionPlan:
        return plan_session(self._settings(), PlanArguments.model_validate(self.request), self._facts())

    def mode(self, toggled: Mode | None = None) -> ChosenMode:
        return choose_mode(self._settings(), PlanArguments.model_validate(self.request), toggled)

    def on_host(self) -> HostSessionPlan:
        request = PlanArguments.model_validate({**self.request, "mode": "host"})
        return plan_on_host(
            self._settings(), request, choose_mode(self._settings(), request, None), facts=self._facts()
        )

    def variables(self) -> dict[str, str]:
        return {variable.name: variable.value for variable in self.plan().agent.environment}

    def mounts(self) -> dict[str, Mount]:
        return {mount.target: mount for mount in self.plan().container.mounts}

    def refusal(self) -> BerthError:
        with pytest.raises(BerthError) as caught:
            self.plan()
        return caught.value

    def breaches(self, level: Level = "user") -> dict[str, Breach]:
        """The breaches of one level, by what they are about; asking for a yes is no refusal."""
        return {breach.what: breach for breach in self.plan().breaches if breach.level == level}

    def _settings(self) -> Settings:
        mode = [layer("user", {"docker": {"network": {"mode": self.network}}})] if self.network else []
        return resolve_settings([*mode, *(layer(name, raw) for name, raw in self.layers.items())])

    def _facts(self) -> Facts:
        ordinary: dict[str, Any] = {
            "workspace": WorkspaceFacts(WORKSPACE, 1000, 1000),
            "engine": engine(),
            "host_uid": 1000,
            "images_folder": Path("/images"),
            "agent_recipe_digest": "digest",
            "accounts_folder": Path("/state/accounts"),
            "session": "s1",
            "environment": {"HOME": "/home/ada", **self.environment},
            "files": {WORKSPACE / name: text for name, text in self.files.items()},
            "existing": frozenset(WORKSPACE / name for name in (*self.existing, *self.links)),
            "links": {
                WORKSPACE / name: Path(os.path.normpath(WORKSPACE / target)) for name, target in self.links.items()
            },
        }
        return Facts(**{**ordinary, **self.facts})


def layer(name: LayerName, raw: object) -> Layer:
    """A layer that is trusted as the layer of this name mostly is."""
    return Layer(name, raw, trusted=name in ("user", "request"))


def engine(
    *, product: str = "docker", rootless: bool = False, desktop: bool = False, memory: int = 64 * 1024**3
) -> EngineFacts:
    kind: Any = product
    return EngineFacts(kind, "20.10", "1.41", "amd64", rootless=rootless, desktop=desktop, cpus=4, memory=memory)


def profile(**keys: object) -> dict[str, object]:
    """Settings with one profile, which is the default one."""
    return {"docker": {"defaultProfile": "web", "profiles": {"web": keys}}}
