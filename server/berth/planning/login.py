"""Which volume holds the agent's HOME, and with it its login."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from berth.agents.logins import LOGINS, Login
from berth.planning.choice import Choice
from berth.planning.facts import Facts
from berth.planning.login_plan import LoginPlan
from berth.planning.plan import User, Variable
from berth.planning.reasons import built_in, reason


def plan_login(choice: Choice, *, facts: Facts, user: User, variables: Iterable[Variable]) -> LoginPlan:
    """Decides where the login is kept, and whether the agent has a key without one."""
    kept, login = _kept(choice, facts, user), LOGINS.get(choice.agent.name)
    if login is None:
        return kept
    has_key = any(variable.name in login.keys and variable.value for variable in variables)
    return replace(kept, files=login_files(login, user.home), has_key=has_key, hint=choice.agent.login_hint)


def home_volume(choice: Choice, *, facts: Facts, user: User) -> str:
    """The name of the volume that holds the agent's HOME."""
    return _kept(choice, facts, user).volume


def login_files(login: Login, home: str) -> tuple[str, ...]:
    """Where a login is in a container: the first of an agent's files, which all others are beside."""
    return (str(PurePosixPath(home) / login.folder / login.files[0]),)


def _kept(choice: Choice, facts: Facts, user: User) -> LoginPlan:
    workspace = hashlib.sha256(str(facts.workspace.path).encode()).hexdigest()[:12]
    agent = choice.agent.name
    written = choice.login
    if written is None or written.value == "workspace":
        why = reason(written.origin) if written else built_in("sessions of one workspace share it")
        return LoginPlan("workspace", why, f"berth-home-{workspace}-{agent}")
    if written.value == "user":
        # A HOME is private to its owner, so each of the ids that sessions run under has one.
        return LoginPlan("user", reason(written.origin), f"berth-home-user{user.uid}-{agent}")
    return LoginPlan("none", reason(written.origin), f"berth-home-{workspace}-{agent}-{facts.session}")
