"""The terminal's commands, whose host has an engine in memory: ``python -m tests.terminal.berth_fake ls``."""

import sys

from berth.arguments import parser
from berth.sharing.starting import starter
from berth.terminal.commands import run

if __name__ == "__main__":
    sys.exit(run(parser().parse_args(), starter((sys.executable, "-m", "tests.sharing.host_fake"))))
