"""The command line: flags, logging, which engine, which face. The only place that puts the rooms together."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from berth import __version__
from berth.logs import log_to_file, log_to_stderr

if TYPE_CHECKING:
    from berth.engine.base import Engine
    from berth.host.host import Host


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs ``berth``; answers the exit status."""
    options = _parser().parse_args(arguments)
    run = {"serve": _serve, "demo": _demo, "doctor": _doctor, "audit": _audit}[options.command or "serve"]
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="berth", description="Hosts coding agents in containers, for any editor.")
    parser.add_argument("--version", action="version", version=f"berth {__version__}")
    parser.add_argument("--stdio", action="store_true", help="speak LSP over stdin and stdout (the default)")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    commands = parser.add_subparsers(dest="command", metavar="{serve,demo,doctor,audit}")
    serve = commands.add_parser("serve", help="speak LSP over stdin and stdout (the default)")
    serve.add_argument("--stdio", action="store_true", help="accepted for editors that pass it")
    demo = commands.add_parser("demo", help="show a whole session in the terminal")
    demo.add_argument("--workspace", help="folder to work in (the demo's own by default)")
    demo.add_argument("--agent", default="claude", help="which agent to run (default: claude)")
    demo.add_argument("--keep", action="store_true", help="keep the session's container and the workspace")
    commands.add_parser("doctor", help="check this machine")
    audit = commands.add_parser("audit", help="what sessions were started, asked and allowed")
    audit.add_argument("what", choices=["verify", "show"], help="check the chain, or list it")
    audit.add_argument("--json", action="store_true", help="for programs")
    audit.add_argument("--session", default="", help="show: of this session only")
    audit.add_argument("--last", type=int, default=0, metavar="N", help="show: the last N lines only")
    return parser


def _serve(options: argparse.Namespace) -> int:
    gc.disable()  # until `initialize` is answered: imports make no garbage, and looking for it takes 7 % of them
    from berth.lsp.serve import serve

    log_to_stderr(options.log_level)
    return asyncio.run(serve(_open_host))


def _open_host() -> "AbstractAsyncContextManager[Host]":
    """The host with the real engine. Called after ``initialize`` was answered: what it imports is slow."""
    from berth.host.host import open_host
    from berth.host.places import StateFolder

    folder = StateFolder.of_user()
    log_to_file(folder.log)
    return open_host(_docker, folder)


def _docker() -> "Engine":
    from berth.builds.stat_cache import StatCache
    from berth.engine.docker.engine import DockerEngine
    from berth.host.places import StateFolder

    return DockerEngine(os.environ, contexts=StatCache(StateFolder.of_user().contexts))


def _demo(options: argparse.Namespace) -> int:
    from berth.demo.run import DemoOptions, demo

    return asyncio.run(demo(DemoOptions(workspace=options.workspace, agent=options.agent, keep=options.keep)))


def _doctor(_: argparse.Namespace) -> int:
    from berth.host.doctor import examine
    from berth.host.places import StateFolder

    async def run() -> int:
        engine = _docker()
        try:
            result = await examine(engine, StateFolder.of_user())
        finally:
            await engine.aclose()
        for check in result.checks:
            sys.stdout.write(f"{'ok ' if check.ok else 'NO '} {check.name}: {check.message}\n")
            if check.hint and not check.ok:
                sys.stdout.write(f"    {check.hint}\n")
        return 0 if result.ok else 1

    return asyncio.run(run())


def _audit(options: argparse.Namespace) -> int:
    from berth.audit.command import run
    from berth.host.places import StateFolder

    return run(options, StateFolder.of_user().audit)


if __name__ == "__main__":
    sys.exit(main())
