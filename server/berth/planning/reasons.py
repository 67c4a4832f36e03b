"""Reasons from origins."""

from berth.planning.reason import Reason
from berth.settings.origin import Origin


def reason(origin: Origin, why: str = "") -> Reason:
    """Why something was decided: because it was written there."""
    return Reason(origin.layer, origin.place, why, origin.trusted)


def built_in(why: str) -> Reason:
    """Berth decided it by itself."""
    return Reason("built-in", "", why)


def requested(field: str) -> Origin:
    """The origin of a field of the request. The person at the editor wrote it."""
    return Origin("request", field)
