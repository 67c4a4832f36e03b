"""On Windows Berth has never run. Here at least it is imported as it would be there."""

import json
import subprocess
import sys

import pytest

WITHOUT = """
import importlib, json, os, pkgutil, signal, socket, sys

ABSENT = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog", "readline"}
NAMES = {
    os: ["getuid", "geteuid", "getgid", "getegid", "getpgid", "killpg", "setsid", "fork", "chown", "fchown", "fchmod",
         "lchown", "pread", "pwrite", "set_blocking", "get_blocking", "mkfifo", "O_CLOEXEC", "O_NOFOLLOW",
         "O_DIRECTORY", "O_NONBLOCK", "statvfs", "uname", "posix_spawn", "waitid", "getgroups", "initgroups"],
    signal: ["SIGKILL", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE", "SIGSTOP", "SIGCONT", "alarm"],
    socket: ["AF_UNIX", "SO_PEERCRED", "send_fds", "recv_fds", "SCM_RIGHTS", "SO_REUSEPORT"],
}

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"{name} is not there on Windows", name=name)

# What Berth stands on sees the system that it runs on.
for name in ("asyncio", "subprocess", "multiprocessing", "pygls.server", "docker", "anyio", "anyio._backends._asyncio",
             "platformdirs", "pydantic", "logging.handlers", "tempfile", "shutil", "mimetypes",
             "zoneinfo", "importlib.metadata"):
    importlib.import_module(name)
for name in ABSENT:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Refusal())
for module, names in NAMES.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
importlib.import_module("ctypes")
sys.modules["msvcrt"] = type(sys)("msvcrt")
sys.platform = "win32"
"""

EVERYTHING = """
import berth
failed = {}
for found in pkgutil.walk_packages(berth.__path__, "berth."):
    if found.name.startswith(NEVER) or found.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(found.name)
    except Exception as error:
        failed[found.name] = repr(error)
print(json.dumps([failed, sorted(name for name in sys.modules if name.startswith(NEVER))]))
"""

NEVER = ("berth.sharing.unix.", "berth.lsp.hosting.socket_entrance")
"""Not for Windows."""


@pytest.fixture(scope="module")
def imported() -> tuple[dict[str, str], list[str]]:
    program = f"{WITHOUT}\nNEVER = {NEVER!r}\n{EVERYTHING}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    failed, present = json.loads(done.stdout)
    return failed, present


def test_every_module_can_be_imported_without_what_windows_lacks(imported: tuple[dict[str, str], list[str]]) -> None:
    assert imported[0] == {}


def test_what_is_only_for_unix_is_imported_by_nobody_there(imported: tuple[dict[str, str], list[str]]) -> None:
    assert imported[1] == []
