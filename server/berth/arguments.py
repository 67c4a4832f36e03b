"""The flags of ``berth``. Built by every relay, so it imports nothing beside argparse."""

import argparse

from berth import __version__

COMMANDS = "{serve,ls,attach,logs,stop,rm,host,doctor,demo}"


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
    return top


def _serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--stdio", action="store_true", help="accepted for editors that pass it")
    text = "run everything in this one process, which ends with the editor (as BERTH_SHARE=0 does)"
    serve.add_argument("--no-share", action="store_true", help=text)


def _run_host(host: argparse.ArgumentParser) -> None:
    """Not for people: started by the first relay with a socket that listens already."""
    host.add_argument("descriptor", type=int)
    host.add_argument("socket")


def _demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--workspace", help="folder to work in (the demo's own by default)")
    demo.add_argument("--agent", default="claude", help="which agent to run (default: claude)")
    demo.add_argument("--keep", action="store_true", help="keep the session's container and the workspace")
