"""The real relay, whose host has an engine in memory: ``python -m tests.sharing.relay_fake``.

``--code KEY`` says that the code is another version; other flags go to the host.
"""

import sys

from berth.sharing.keys import code_key
from berth.sharing.relay import relay

if __name__ == "__main__":
    flags = sys.argv[1:]
    code = code_key()
    if "--code" in flags:
        at = flags.index("--code")
        code = flags[at + 1]
        del flags[at : at + 2]
    sys.exit(relay((sys.executable, "-m", "tests.sharing.host_fake", *flags), code))
