"""Who runs in the container, so that what the agent writes belongs to whom the workspace belongs to."""

from dataclasses import dataclass

from berth.planning.facts import Facts
from berth.planning.plan import User
from berth.planning.reasons import built_in

NAME = "agent"


@dataclass(frozen=True, slots=True)
class PlannedUser:
    """The user, and notes."""

    user: User
    notes: tuple[str, ...] = ()


def plan_user(facts: Facts, *, home: str) -> PlannedUser:
    """Decides uid, gid and mapping. Proven by a write test in the workspace before the agent starts."""
    owner, engine = facts.workspace, facts.engine
    if engine.rootless and not engine.desktop:
        return _rootless(facts, home)
    why = "the virtual machine maps owners" if engine.desktop else "owner of the workspace"
    notes = () if owner.uid else (_as_root(facts),)
    return PlannedUser(_user(owner.uid, owner.gid, home, why=why), notes)


def _rootless(facts: Facts, home: str) -> PlannedUser:
    """Docker's rootless engine shows its own user as 0; Podman can keep the id that the user has on the host."""
    owner = facts.workspace
    notes: tuple[str, ...] = ()
    if owner.uid != facts.host_uid:
        notes = (f"{owner.path} belongs to another user (uid {owner.uid}), whom a rootless engine cannot act for.",)
    if facts.engine.product == "podman":
        gid = owner.gid if owner.uid == facts.host_uid else facts.host_uid
        user = _user(facts.host_uid, gid, home, why="rootless Podman keeps the user's own id")
        return PlannedUser(User(user.uid, user.gid, user.name, home, "keep-id", user.reason), notes)
    return PlannedUser(_user(0, 0, home, why="uid 0 of a rootless engine is the user who runs it"), notes)


def _user(uid: int, gid: int, home: str, *, why: str) -> User:
    return User(uid, gid, NAME if uid else "root", home, None, built_in(why))


def _as_root(facts: Facts) -> str:
    return f"{facts.workspace.path} belongs to root, so the agent runs as uid 0, without any capability."
