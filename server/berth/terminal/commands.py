"""Runs one of the terminal's commands, and tells in a sentence what went wrong."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable

from berth.demo.client import RequestRefused, ServerLeft
from berth.errors import BerthError
from berth.sharing.unreachable import Unreachable
from berth.terminal.ending import remove_session, stop_session
from berth.terminal.following import attach
from berth.terminal.host_process import show_hosts, stop_hosts
from berth.terminal.hosts import Start
from berth.terminal.listing import list_sessions
from berth.terminal.output import print_logs


def run(options: argparse.Namespace, start: Start) -> int:
    """Carries out ``ls``, ``attach``, ``logs``, ``stop``, ``rm`` or ``host``; 0, or 1 with a sentence on stderr."""
    try:
        if options.command == "host":
            return _host(options)
        return asyncio.run(_awaited(_command(options, start)))
    except (Unreachable, BerthError) as error:
        return _failed(str(error))
    except RequestRefused as refused:
        return _failed(f"{refused.data.get('message', refused)} {refused.data.get('hint', '')}".strip())
    except ServerLeft:
        return _failed("Berth's host has ended.")
    except TimeoutError:
        return _failed("It took too long.")
    except OSError as error:
        return _failed(f"Berth's host cannot be reached: {error.strerror}.")


async def _awaited(command: Awaitable[int]) -> int:
    return await command


def _command(options: argparse.Namespace, start: Start) -> Awaitable[int]:
    match options.command:
        case "ls":
            return list_sessions(start, as_json=options.json)
        case "attach":
            return attach(start, options.session)
        case "logs":
            return print_logs(start, options.session, lines=options.lines)
        case "stop":
            return stop_session(start, options.session, grace=options.grace, as_json=options.json)
        case _:
            return remove_session(start, options.session, force=options.force)


def _host(options: argparse.Namespace) -> int:
    return stop_hosts(force=options.force) if options.do == "stop" else show_hosts(as_json=options.json)


def _failed(sentence: str) -> int:
    sys.stderr.write(f"berth: {sentence}\n")
    return 1
