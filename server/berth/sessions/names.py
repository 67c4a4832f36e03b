"""What people call a session. Without a container its name says so, wherever it is shown."""

from berth.protocol.session import Mode

NO_CONTAINER = " (no container)"


def named(name: str, mode: Mode) -> str:
    """The name in this mode, whichever mode it was made for."""
    return name.removesuffix(NO_CONTAINER) + (NO_CONTAINER if mode == "host" else "")
