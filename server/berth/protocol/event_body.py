"""What every event body is."""

from berth.protocol.model import WireModel


class EventBody(WireModel):
    """One thing that happened, not yet numbered."""

    kind: str
