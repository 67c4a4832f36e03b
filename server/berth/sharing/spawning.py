"""Makes a process that outlives the one that made it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import berth
from berth.sharing.keys import VARIABLES

KEPT = frozenset(
    {
        *VARIABLES,
        *("PATH", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSH_AUTH_SOCK", "VIRTUAL_ENV"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "COLUMNS"),
        *("BERTH_RUNTIME_DIR", "BERTH_IDLE_EXIT", "BERTH_HOST_TRANSPORT", "DBUS_SESSION_BUS_ADDRESS"),
    }
)
KEPT_ON_WINDOWS = frozenset(
    {
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERNAME", "USERDOMAIN"),
        *("USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ALLUSERSPROFILE"),
        *("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
    }
)
"""Without the first one Python does not even start there."""
KEPT_PREFIXES = ("LC_", "PYTHON", "XDG_", "DOCKER_", "BUILDX_", "BUILDKIT_", "COVERAGE_")
"""What a host gets of the environment of whoever starts it: what it needs itself. It outlives that editor, and the
secrets of one editor are no business of what the host runs for another."""


def spawn_detached(argv: Sequence[str], descriptors: Sequence[int], *, log: str) -> "subprocess.Popen[bytes]":
    """A process of its own, away from our terminal, folder and files, which nobody waits for.

    Args:
        argv: The program and its arguments.
        descriptors: Those of ours that it inherits; none on Windows.
        log: The file that takes what it prints, made anew.

    Raises:
        OSError: It cannot be made.
    """
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return _spawn(argv, descriptors, output)
    finally:
        os.close(output)


def _spawn(argv: Sequence[str], descriptors: Sequence[int], output: int) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        # A console of its own that nobody sees: without any, each program it runs would open a window.
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        try:
            return _windows(argv, output, flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
        except PermissionError:  # whoever runs us holds its processes together
            return _windows(argv, output, flags)
    else:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=own_environment(os.environ),
            pass_fds=descriptors,
            start_new_session=True,
        )


def _windows(argv: Sequence[str], output: int, flags: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=os.path.expanduser("~"),
        env=own_environment(os.environ),
        creationflags=flags,
    )


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a host gets of an environment, with paths that hold in its own folder."""
    names = KEPT | KEPT_ON_WINDOWS if sys.platform == "win32" else KEPT
    kept = {name: value for name, value in environment.items() if name in names or name.startswith(KEPT_PREFIXES)}
    if state := kept.get("BERTH_STATE_DIR"):
        kept["BERTH_STATE_DIR"] = os.path.abspath(state)
    paths = [os.path.abspath(path) for path in kept.get("PYTHONPATH", "").split(os.pathsep) if path]
    package = os.path.dirname(os.path.dirname(os.path.abspath(berth.__file__)))
    if not package.endswith("-packages"):  # a checkout may have been found through the folder we are in
        paths.append(package)
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))} if paths else kept
