"""``session.json``: what a later host needs to plan a session again, without a secret in it.

Written once when a session is made, and again by a rebuild. Values of variables are never in it: they come from the
editor that asks for a restart, and from the settings.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from berth.errors import SessionError
from berth.planning.hollow import hollow
from berth.planning.host_plan import AnyPlan
from berth.protocol.commands import StartArguments
from berth.sessions.kept import private_text

FORMAT = 1
"""Another format is another version's."""

NAME = "session.json"

logger = logging.getLogger(__name__)

_PLAN: TypeAdapter[AnyPlan] = TypeAdapter(AnyPlan)


@dataclass(frozen=True, slots=True)
class SessionFile:
    """How a session was asked for, what was planned, and what of the asking was not kept."""

    started: StartArguments
    plan: AnyPlan
    forgotten: tuple[str, ...] = ()


def write_session_file(folder: Path, started: StartArguments, plan: AnyPlan) -> None:
    """Writes it whole or not at all; call it in a worker thread. Raises ``OSError``."""
    kept, forgotten = _without_secrets(started)
    content = {
        "format": FORMAT,
        "started": kept.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "plan": _PLAN.dump_python(hollow(plan), mode="json"),
        "forgotten": forgotten,
    }
    fresh = folder / f"{NAME}.new"
    with private_text(fresh) as file:
        file.write(json.dumps(content))
    fresh.replace(folder / NAME)


def read_session_file(folder: Path) -> SessionFile | None:
    """Reads it; call it in a worker thread. None where there is none yet: the session had not begun.

    Raises:
        SessionError: ``session-unreadable``: another version of Berth wrote it, or it is damaged. It stays.
        OSError: It cannot be read.
    """
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        content: dict[str, Any] = json.loads(text)
        if content["format"] == FORMAT:
            plan = _PLAN.validate_python(content["plan"])
            return SessionFile(StartArguments.model_validate(content["started"]), plan, tuple(content["forgotten"]))
    except (ValueError, KeyError, TypeError, ValidationError):
        logger.warning("The file of a session cannot be understood.", exc_info=True)
    raise SessionError(
        "session-unreadable",
        f"The session {folder.name} was kept by another version of Berth, or its file is damaged.",
        "Use the version that made it, or remove its folder.",
    )


def _without_secrets(started: StartArguments) -> tuple[StartArguments, list[str]]:
    """The request without values that may be secrets, and what those were. Prompts are in the journal."""
    dropped: dict[str, Any] = {"prompt": None, "context": ()}
    forgotten = [f"the variable {name}" for name in started.env]
    if forgotten:
        dropped["env"] = {}
    if any(word.startswith("-e") or word.partition("=")[0] == "--env" for word in started.docker_args):
        dropped["docker_args"] = ()
        forgotten.append("its dockerArgs")
    return started.model_copy(update=dropped), forgotten
