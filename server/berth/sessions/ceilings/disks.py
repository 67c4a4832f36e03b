"""Whether a disk that a session writes to runs full. No I/O."""

from berth.engine.pressure import Room

SMALL = 10
"""Of a disk that is smaller than so many times what is to stay free, one part in so many stays free."""


class Disks:
    """Remembers which disks had enough room. What lacked it from the beginning is not this session's doing."""

    def __init__(self, keep_free: int) -> None:
        """``keep_free`` in bytes."""
        self._keep_free = keep_free
        self._roomy: dict[str, bool] = {}

    def runs_full(self, name: str, room: Room) -> bool:
        """Whether a disk now has less room than it should, and had it at the look before."""
        was_roomy = self._roomy.get(name, False)
        self._roomy[name] = room.free >= self.least(room)
        return was_roomy and not self._roomy[name]

    def least(self, room: Room) -> int:
        """What is to stay free of it."""
        return min(self._keep_free, room.total // SMALL)
