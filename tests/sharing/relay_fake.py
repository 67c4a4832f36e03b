"""The real relay, whose host has an engine in memory: ``python -m tests.sharing.relay_fake``.

``--code KEY`` says that the code is another version; other flags go to the host.
"""

import sys

from berth.sharing import relay as room

if __name__ == "__main__":
    flags = sys.argv[1:]
    if "--code" in flags:
        at = flags.index("--code")
        code = flags[at + 1]
        room.code_key = lambda: code
        del flags[at : at + 2]
    sys.exit(room.relay((sys.executable, "-m", "tests.sharing.host_fake", *flags)))
