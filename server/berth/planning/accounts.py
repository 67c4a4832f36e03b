"""Who the session's user is to programs in the container: the text of ``/etc/passwd`` and ``/etc/group``."""

import hashlib
from collections.abc import Mapping

from berth.planning.plan import User

SHELL = "/bin/sh"


def accounts_files(user: User) -> Mapping[str, str]:
    """The texts of ``passwd`` and ``group``, by file name.

    Programs ask for the name and the home of their user (git, ssh, node), and an image knows only its own. The host
    writes both below ``Facts.accounts_folder``, in the folder :func:`accounts_folder`; the plan mounts them read-only.
    """
    people = {0: ("root", 0, "/root"), 65534: ("nobody", 65534, "/nonexistent")}
    people[user.uid] = (user.name, user.gid, user.home)
    groups = {0: "root", 65534: "nogroup"}
    groups.setdefault(user.gid, "agent")
    passwd = [f"{name}:x:{uid}:{gid}::{home}:{SHELL}\n" for uid, (name, gid, home) in sorted(people.items())]
    return {
        "passwd": "".join(passwd),
        "group": "".join(f"{name}:x:{gid}:\n" for gid, name in sorted(groups.items())),
    }


def accounts_folder(user: User) -> str:
    """The name of the folder for a user's two files. Other texts get another folder: running containers mount these."""
    texts = "\0".join(accounts_files(user).values())
    return f"{user.uid}-{user.gid}-{hashlib.sha256(texts.encode()).hexdigest()[:8]}"
