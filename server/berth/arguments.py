"""The flags of ``berth``. Built by every relay, so it imports nothing beside argparse."""

import argparse

from berth import __version__

COMMANDS = "{serve,ls,attach,logs,stop,rm,host,doctor,audit,demo}"


def parser() -> argparse.ArgumentParser:
    """The parser. ``command`` is the subcommand's name, None for ``serve``."""
    top = argparse.ArgumentParser(prog="berth", description="Hosts coding agents in containers, for any editor.")
    top.add_argument("--version", action="version", version=f"berth {__version__}")
    top.add_argument("--stdio", action="store_true", help="speak LSP over stdin and stdout (the default)")
    top.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    top.set_defaults(no_share=False)
    commands = top.add_subparsers(dest="command", metavar=COMMANDS)
    _serve(commands.add_parser("serve", help="speak LSP over stdin and stdout (the default)"))
    _run_host(commands.add_parser("run-host"))
    _demo(commands.add_parser("demo", help="show a whole session in the terminal"))
    commands.add_parser("doctor", help="check this machine")
    _audit(commands.add_parser("audit", help="what sessions were started, asked and allowed"))
    _sessions(commands)
    _host(commands.add_parser("host", help="the background process that owns the sessions"))
    return top


def _serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--stdio", action="store_true", help="accepted for editors that pass it")
    text = "run everything in this one process, which ends with the editor (as BERTH_SHARE=0 does)"
    serve.add_argument("--no-share", action="store_true", help=text)


def _run_host(host: argparse.ArgumentParser) -> None:
    """Not for people: started by the first relay, see :mod:`berth.sharing.transports`."""
    host.add_argument("door")
    host.add_argument("descriptor", type=int, nargs="?")


def _demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--workspace", help="folder to work in (the demo's own by default)")
    demo.add_argument("--agent", default="claude", help="which agent to run (default: claude)")
    demo.add_argument("--keep", action="store_true", help="keep the session's container and the workspace")


def _audit(audit: argparse.ArgumentParser) -> None:
    audit.add_argument("what", choices=["verify", "show"], help="check the chain, or list it")
    audit.add_argument("--json", action="store_true", help="for programs")
    audit.add_argument("--session", default="", help="show: of this session only")
    audit.add_argument("--last", type=int, default=0, metavar="N", help="show: the last N lines only")


def _sessions(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ls = commands.add_parser("ls", help="list sessions")
    _json(ls)
    _session(commands.add_parser("attach", help="follow a session, prompt it, answer its questions"))
    logs = _session(commands.add_parser("logs", help="show what a session's container printed"))
    logs.add_argument("-n", "--lines", type=int, default=1000, metavar="N", help="the last N lines (default: 1000)")
    stop = _session(commands.add_parser("stop", help="stop a session; it can be restarted"))
    stop.add_argument("--grace", type=float, metavar="SECONDS", help="for each step of stopping (default: 5)")
    _json(stop)
    remove = _session(commands.add_parser("rm", help="remove a session with its container and transcript"))
    remove.add_argument("--force", action="store_true", help="also where it still runs")


def _host(host: argparse.ArgumentParser) -> None:
    host.set_defaults(do="status", json=False, force=False)
    actions = host.add_subparsers(dest="do", metavar="{status,stop}")
    _json(actions.add_parser("status", help="process, version, connections, sessions (the default)"))
    stop = actions.add_parser("stop", help="end it, unless a session is live; containers go on without it")
    stop.add_argument("--force", action="store_true", help="also with live sessions, or where it does not answer")


def _session(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("session", help="its id, or the beginning of it")
    return command


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="for scripts")
