"""Why a host cannot be reached."""


class Unreachable(Exception):
    """No host, and none could be started. ``message`` is one sentence, ``hint`` what to do.

    Not one of :mod:`berth.errors`, which take longer to import than a relay takes to connect.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
