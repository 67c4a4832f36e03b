"""Keys of git's configuration that make git run a program, or obey another place. Pure."""

import re
from collections.abc import Iterator

from berth.planning.git_config import settings_of

_PROGRAMS = re.compile(
    r"""
    core\.(?:hookspath|sshcommand|editor|pager|askpass|gitproxy|alternaterefscommand|attributesfile|worktree)
    | sequence\.editor | diff\.external | interactive\.difffilter | gpg\.(?:.*\.)?program | web\.browser
    | diff\..*\.(?:command|textconv) | merge\..*\.driver | filter\..*\.(?:clean|smudge|process)
    | include\.path | includeif\..*\.path | credential\.(?:.*\.)?helper | extensions\.worktreeconfig
    | uploadpack\.packobjectshook | remote\..*\.(?:uploadpack|receivepack|vcs) | pager\..* | hook\..*\.command
    | (?:browser|difftool|mergetool|man|guitool|trailer)\..*\.(?:cmd|command|path) | init\.templatedir
    | sendemail\..*(?:cmd|smtpserver) | lfs\.customtransfer\..*\.path | protocol\.(?:.*\.)?allow
    """,
    re.VERBOSE,
)


def running_keys(text: str) -> Iterator[tuple[str, str]]:
    """The keys that run something or lead elsewhere, with their values."""
    for key, value in settings_of(text):
        if _PROGRAMS.fullmatch(key) or _by_value(key, value):
            yield key, value


def _by_value(key: str, value: str) -> bool:
    if key == "core.fsmonitor":  # true is git's own daemon, everything else a program
        return value.lower() not in ("", "true", "false", "yes", "no", "on", "off", "1", "0")
    if key.startswith("alias.") or (key.startswith("submodule.") and key.endswith(".update")):
        return value.startswith("!")
    return key.startswith(("remote.", "url.")) and ("ext::" in value or "ext::" in key)
