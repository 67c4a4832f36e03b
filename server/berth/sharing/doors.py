"""How the names of doors end, which tells the way to the host behind them.

Unix sockets wherever there are any; ports of the loopback interface on Windows, and where ``BERTH_HOST_TRANSPORT`` is
``loopback``.
"""

import sys
from collections.abc import Mapping

from berth.sharing.unreachable import Unreachable

VARIABLE = "BERTH_HOST_TRANSPORT"
SOCKET, PORT = ".sock", ".port"
ENDINGS = (PORT,) if sys.platform == "win32" else (SOCKET, PORT)


def usual_ending(environment: Mapping[str, str]) -> str:
    """How the names of doors end for whoever starts hosts in this environment.

    Raises:
        Unreachable: :data:`VARIABLE` names something else.
    """
    wanted = environment.get(VARIABLE) or ("loopback" if sys.platform == "win32" else "unix")
    known = {"unix": SOCKET, "loopback": PORT}
    if known.get(wanted) not in ENDINGS:
        names = " or ".join(name for name, ending in known.items() if ending in ENDINGS)
        raise Unreachable(f"{VARIABLE} is {wanted!r}.", f"It can be {names}.")
    return known[wanted]
