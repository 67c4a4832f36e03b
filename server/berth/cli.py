"""The command line: logging, which engine, which face. The only place that puts the rooms together.

Nothing is imported at the top that a relay does not need: most of the time it is all that runs here.
"""

import gc
import os
import sys
from collections.abc import Sequence

from berth.arguments import parser

TYPE_CHECKING = False
if TYPE_CHECKING:  # type checkers know the name, and typing takes 10 ms to import
    import argparse
    from contextlib import AbstractAsyncContextManager

    from berth.engine.base import Engine
    from berth.host.host import Host


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs ``berth``; answers the exit status."""
    options = parser().parse_args(arguments)
    runs = {"serve": _serve, "run-host": _run_host, "demo": _demo, "doctor": _doctor, "audit": _audit}
    run = runs.get(options.command or "serve", _terminal)
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130


def _serve(options: "argparse.Namespace") -> int:
    """A relay to the shared host, or everything in one process."""
    if options.no_share or os.environ.get("BERTH_SHARE") == "0":
        return _serve_alone(options)
    from berth.sharing.keys import code_key
    from berth.sharing.relay import relay
    from berth.sharing.starting import usual_command

    return relay(usual_command(options.log_level), code_key())


def _serve_alone(options: "argparse.Namespace") -> int:
    gc.disable()  # until `initialize` is answered: imports make no garbage, and looking for it takes 7 % of them
    import asyncio

    from berth.logs import log_to_stderr
    from berth.lsp.serve import serve

    log_to_stderr(options.log_level)
    return asyncio.run(serve(_open_host))


def _run_host(options: "argparse.Namespace") -> int:
    gc.disable()  # as above
    from berth.sharing.transports import transport_of

    door = transport_of(options.door).door(options.door, options.descriptor)  # whoever started us may wait for it

    import asyncio
    import logging

    from berth.lsp.hosting.host_process import serve_host

    logging.getLogger().setLevel(options.log_level.upper())
    return asyncio.run(serve_host(door, _open_host))


def _open_host() -> "AbstractAsyncContextManager[Host]":
    """The host with the real engine. Called after ``initialize`` was answered: what it imports is slow."""
    from berth.host.opening import open_host
    from berth.host.places import StateFolder
    from berth.logs import log_to_file

    folder = StateFolder.of_user()
    log_to_file(folder.log)
    return open_host(_docker, folder)


def _terminal(options: "argparse.Namespace") -> int:
    from berth.sharing.starting import starter, usual_command
    from berth.terminal.commands import run

    return run(options, starter(usual_command(options.log_level)))


def _docker() -> "Engine":
    from berth.builds.stat_cache import StatCache
    from berth.engine.docker.engine import DockerEngine
    from berth.host.places import StateFolder

    return DockerEngine(os.environ, contexts=StatCache(StateFolder.of_user().contexts))


def _demo(options: "argparse.Namespace") -> int:
    import asyncio

    from berth.demo.run import DemoOptions, demo

    return asyncio.run(demo(DemoOptions(workspace=options.workspace, agent=options.agent, keep=options.keep)))


def _doctor(_: "argparse.Namespace") -> int:
    import asyncio

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


def _audit(options: "argparse.Namespace") -> int:
    from berth.audit.command import run
    from berth.errors import BerthError
    from berth.host.places import StateFolder

    try:
        return run(options, StateFolder.of_user().audit)
    except BerthError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
