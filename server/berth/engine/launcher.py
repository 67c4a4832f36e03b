"""The launcher: a few lines of POSIX ``sh`` as a container's main process, so that no secret is in its create call.

What is passed as ``Env`` at create stays readable in ``docker inspect`` for ever. The launcher instead reads its
environment and argv from stdin, exports them and becomes the agent by ``exec``. ``read -r`` takes no byte beyond its
line from a pipe, so what follows the payload on stdin is the agent's. A launcher that waits is also what makes a spare:
see :func:`waiting_command`.

The payload is lines, each beginning with one letter; blank or foreign lines before :data:`MAGIC` are skipped, and
:data:`MAGIC` inside a payload that was cut off starts it over:

    berth-payload 1
    :NAME=first line     a value begins
    +second line         … and goes on after a newline
    E                    export it (A: append to argv, W: must be a writable folder, D: change there,
                         P: must refuse to be written, C: no value: there must be no capability)
    G                    go

A variable that refers to others is put together from pieces: ``L`` takes a value as it is, ``V`` what the variable of
that name has (``F`` before it: instead, where it is not set), ``X`` exports the whole under a name. Commands that run
first are words (``A``) with a name (``N``); ``O`` names the file that says that they ran in this container, ``B`` says
that nobody waits, ``R`` runs them, with no stdin and with their stdout on stderr. The first that fails is the last.

On stderr it says ``berth-launcher: ready`` before it reads, ``before NAME`` and ``after STATUS NAME`` round a command
that runs first, ``exec`` when the agent takes over, or one line of what is wrong; :mod:`berth.engine.launch_output`
reads them. It keeps its stdin open a second time as descriptor 9, since Podman closes the pipe when a writer leaves.
What it tries is tried by ``true``, not by ``:``: a redirection that fails ends a shell at a special built-in only, so
no process has to be made for each path.
Seen to work in dash, bash and busybox ash.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence

from berth.engine.launch import Launch
from berth.engine.launch_records import expanding_records, preparation_records
from berth.errors import SettingsError

MAGIC = "berth-payload 1"
"""First line of a payload."""

MARK = "berth-launcher: "
"""What every line of the launcher on stderr begins with."""

PAYLOAD_BROKEN, AGENT_MISSING, WORKDIR_MISSING, NOT_WRITABLE, NOT_SEALED = 65, 69, 72, 73, 74
"""Exit codes of the launcher itself, after ``sysexits.h``."""

MAX_VARIABLE_BYTES = 131_071
"""Linux' ``MAX_ARG_STRLEN`` less the closing NUL: one ``NAME=value`` must be no longer."""

MAX_TOTAL_BYTES = 2 * 1024 * 1024 - 65_536
"""A quarter of the usual 8 MiB stack, which Linux lets argv and environment take, less room for the image's own."""

UNSETTABLE = frozenset({"BASHOPTS", "BASH_VERSINFO", "EUID", "OPTIND", "PPID", "SHELLOPTS", "UID"})
"""Names that some shell refuses to assign, which would end the launcher."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_SCRIPT = r"""
_berth_say() { printf 'berth-launcher: %s\n' "$1" >&2; }
_berth_fail() { _berth_say "$2"; exit "$1"; }
_berth_write() {
  _berth_file=$1/.berth-write-test-$_berth_token
  set -C
  { true >"$_berth_file"; } 2>/dev/null && rm -f "$_berth_file" || _berth_fail 73 "not-writable $1"
  set +C
}
_berth_refuse() {
  _berth_file=$1
  if [ -d "$1" ]; then _berth_file=$1/.berth-write-test-$_berth_token; fi
  if { true >>"$_berth_file"; } 2>/dev/null; then
    if [ -d "$1" ]; then rm -f "$_berth_file"; fi
    _berth_fail 74 "not-sealed $1"
  fi
}
_berth_bare() {
  while IFS= read -r _berth_has; do
    case $_berth_has in
      CapEff:*[1-9a-f]*) _berth_fail 74 "has-powers capabilities (${_berth_has#CapEff:?})" ;;
      NoNewPrivs:*0) _berth_fail 74 "has-powers ways to new privileges" ;;
    esac
  done </proc/self/status
}
_berth_ran() { [ "$_berth_once" ] && { [ -e "/var/tmp/$_berth_once" ] || [ -e "${HOME-}/$_berth_once" ]; }; }
_berth_run() {
  if [ "$_berth_failed" ] || _berth_ran; then return; fi
  if [ "$_berth_beside" ]; then ( ( exec "$@" ) </dev/null >&2 9<&- & ); return; fi
  _berth_say "before $_berth_name"
  ( exec "$@" ) </dev/null >&2 9<&-
  _berth_status=$?
  _berth_say "after $_berth_status $_berth_name"
  if [ "$_berth_status" != 0 ]; then _berth_failed=1; return; fi
  if [ "$_berth_once" ]; then
    (: >"/var/tmp/$_berth_once") 2>/dev/null || (: >"${HOME-}/$_berth_once") 2>/dev/null
  fi
}
_berth_take() {
  case $1 in [!A-Za-z_]*|*[!A-Za-z0-9_]*|'') _berth_fail 65 payload-broken ;; esac
  eval "_berth_whole=\$_berth_whole\${$1-\$_berth_default}"
  _berth_default=
}
_berth_newline='
'
_berth_line= _berth_go= _berth_whole= _berth_default= _berth_name= _berth_once= _berth_beside= _berth_failed=
_berth_clock=
if [ "${1-}" ]; then
  (
    _berth_sleep=
    trap '[ "$_berth_sleep" ] && kill "$_berth_sleep"; exit' TERM
    sleep "$1" & _berth_sleep=$!
    wait "$_berth_sleep" && kill "$$"
  ) &
  _berth_clock=$!
  shift
fi
if (: 9<>/proc/self/fd/0) 2>/dev/null; then exec 9<>/proc/self/fd/0; fi
_berth_say ready
until [ "$_berth_line" = 'berth-payload 1' ]; do
  IFS= read -r _berth_line || _berth_fail 65 payload-cut
done
if [ "$_berth_clock" ]; then { kill "$_berth_clock"; wait "$_berth_clock"; } 2>/dev/null; fi
while IFS= read -r _berth_line; do
  case $_berth_line in
    :*) _berth_value=${_berth_line#?} ;;
    +*) _berth_value=$_berth_value$_berth_newline${_berth_line#?} ;;
    E) export "$_berth_value" ;;
    A) set -- "$@" "$_berth_value" ;;
    T) _berth_token=$_berth_value ;;
    W) _berth_write "$_berth_value" ;;
    P) _berth_refuse "$_berth_value" ;;
    C) _berth_bare ;;
    D) cd -- "$_berth_value" 2>/dev/null || _berth_fail 72 "workdir-missing $_berth_value" ;;
    L) _berth_whole=$_berth_whole$_berth_value ;;
    F) _berth_default=$_berth_value ;;
    V) _berth_take "$_berth_value" ;;
    X) export "$_berth_value=$_berth_whole"; _berth_whole= ;;
    N) _berth_name=$_berth_value ;;
    O) _berth_once=$_berth_value ;;
    B) _berth_beside=1 ;;
    R) _berth_run "$@"; _berth_once= _berth_beside=; set -- ;;
    G) _berth_go=1; break ;;
    'berth-payload 1') set --; _berth_whole= _berth_default= _berth_once= _berth_beside= _berth_failed= ;;
    *) _berth_fail 65 payload-broken ;;
  esac
done
[ "$_berth_go" ] || _berth_fail 65 payload-cut
command -v "$1" >/dev/null 2>&1 || _berth_fail 69 "agent-missing $1"
_berth_say exec
exec "$@"
"""


def launch_command() -> tuple[str, ...]:
    """The container's command. The same for every session, and free of anything a person wrote."""
    return ("/bin/sh", "-c", _SCRIPT, "berth-launcher")


def waiting_command(seconds: int) -> tuple[str, ...]:
    """The same for a container that waits for its session: it ends by itself when no payload has begun by then.

    That is for spares whose host died. It needs an init in front, since a main process cannot be killed from inside,
    and a ``sleep`` in the image, without which it waits for ever; while it is paused its time stands still.
    """
    return (*launch_command(), str(seconds))


def launch_payload(
    environment: Mapping[str, str], argv: Sequence[str], *, workdir: str = "", writable: Sequence[str] = ()
) -> bytes:
    """What to write to the launcher's stdin to make it become the agent, without anything that runs first.

    Raises:
        SettingsError: ``bad-settings``: a variable that no shell or kernel takes. Its value is never in the message.
    """
    return whole_payload(Launch(argv, environment, workdir, writable))


def whole_payload(launch: Launch) -> bytes:
    """What to write to the launcher's stdin to make it become the agent.

    Raises:
        SettingsError: ``bad-settings``: a variable that no shell or kernel takes. Its value is never in the message.
    """
    _check(launch.environment, launch.argv)
    lines = [MAGIC, *(line for letter, value in _records(launch) for line in _lines(letter, value)), "G", ""]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _records(launch: Launch) -> Iterator[tuple[str, str]]:
    yield "T", secrets.token_hex(6)
    for name, value in launch.environment.items():
        if name not in launch.expanding:
            yield "E", f"{name}={value}"
    for name in sorted(launch.expanding):
        yield from expanding_records(launch.environment[name])
        yield "X", name
    yield from (("W", path) for path in launch.writable)
    yield from (("P", path) for path in launch.sealed)
    if launch.powerless:
        yield "C", ""
    if launch.workdir:
        yield "D", launch.workdir
    yield from preparation_records(launch)
    yield from (("A", argument) for argument in launch.argv)


def _lines(letter: str, value: str) -> Iterator[str]:
    first, *rest = value.split("\n")
    yield f":{first}"
    for line in rest:
        yield f"+{line}"
    yield letter


def _check(environment: Mapping[str, str], argv: Sequence[str]) -> None:
    if not argv or not argv[0] or argv[0].startswith("-"):
        raise SettingsError("bad-settings", "The agent's command is empty or begins with a hyphen.", "Name a program.")
    total = sum(map(_size, argv))
    for name, value in environment.items():
        reason = _fault(name, value)
        if reason:
            hint = "Rename or remove it in the settings or the env file that sets it."
            raise SettingsError("bad-settings", f"The environment variable {name!r} {reason}.", hint)
        total += _size(name) + _size(value)
    if total > MAX_TOTAL_BYTES or any(_size(argument) > MAX_VARIABLE_BYTES or "\0" in argument for argument in argv):
        message = "The agent's environment and arguments are more than a Linux process can be given."
        raise SettingsError("bad-settings", message, "Forward fewer variables, or put long values into a file.")


def _fault(name: str, value: str) -> str:
    if not _NAME.match(name):
        return "has a name that no shell can export (letters, digits and underscores only)"
    if name in UNSETTABLE or name.startswith("_berth_"):
        return "belongs to the shell inside the container and cannot be set"
    if "\0" in value:
        return "has a value with a NUL byte in it"
    if _size(name) + _size(value) > MAX_VARIABLE_BYTES:
        return f"is longer than the {MAX_VARIABLE_BYTES} bytes that Linux allows"
    return ""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape")) + 1
