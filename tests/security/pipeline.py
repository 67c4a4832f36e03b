"""The way of one start as far as it goes without an engine: settings in, an audited request out, or the refusal."""

import os.path
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berth.engine.docker.audit import audited
from berth.engine.docker.render import render
from berth.engine.docker.request_terms import terms_of
from berth.engine.launcher import launch_command
from berth.errors import BerthError
from berth.host.refusals import nobody_to_ask, refuse
from berth.planning.plan import SessionPlan
from tests.planning.plans import WORKSPACE, Case

EXISTING = ("config", "data dir", ".vscode", ".git/hooks", ".git/config")
FILES = {"x.env": "A=1\n", "ld.env": "LD_PRELOAD=/x.so\n", "bare.env": "SECRET\n", ".env": "PORT=3000\n"}
LINKS = {"out": "/etc", "sock": "/run/docker.sock", "up": "..", "kernel": "/proc/1"}
HOST_PATHS = frozenset(
    map(Path, ("/", "/etc", "/run", "/var", "/var/run", "/var/run/docker.sock", "/run/docker.sock", "/proc", "/proc/1"))
) | frozenset(
    map(Path, ("/sys", "/dev", "/dev/null", "/home/ada", "/home/ada/.ssh", "/srv/data", "/root", "/tmp", "/run/agent"))
)
ENVIRONMENT = {
    "SECRET_ONE": "s3cret",
    "ANTHROPIC_API_KEY": "key",
    "LD_PRELOAD": "/x.so",
    "SSH_AUTH_SOCK": "/run/agent",
    "EDITOR_VALUE": "1",
}


@dataclass(frozen=True, slots=True)
class Start:
    """One start: layers of settings and a request, on a machine where much is there to be had."""

    layers: Mapping[Any, Any]
    request: Mapping[str, Any]

    def plan(self) -> SessionPlan:
        links = {WORKSPACE / name: Path(os.path.normpath(WORKSPACE / target)) for name, target in LINKS.items()}
        existing = {WORKSPACE / name for name in (*EXISTING, *LINKS, *FILES)} | HOST_PATHS
        facts = {"existing": frozenset(existing), "links": links}
        case = Case(self.layers, self.request, ENVIRONMENT, FILES, facts=facts)
        case.mode()  # refuses who may not choose, before there is a plan
        return case.plan()


def carried_out(start: Start) -> dict[str, Any]:
    """The request that an engine would get where nobody can be asked.

    Raises:
        BerthError: It is refused, at whichever gate.
    """
    plan = start.plan()
    refuse(plan)
    if plan.consent is not None:
        raise nobody_to_ask(plan)
    return request_of(plan)


def request_of(plan: SessionPlan) -> dict[str, Any]:
    """The audited request of a plan, whoever would have had to say yes to it."""
    body = render(plan.container, launch_command())
    audited(body, terms_of(plan.container))
    return body


def refusal(start: Start) -> BerthError | None:
    """Why it is not carried out; None where it is."""
    try:
        carried_out(start)
    except BerthError as error:
        return error
    return None
