"""What stands between sessions and the network, and that no session needs any more. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from berth.engine.base import LABEL, ContainerFacts
from berth.engine.housekeeping import VolumeFacts
from berth.planning.labels import EGRESS_LABEL, LANE_LABEL

_PROXY_LABEL = f"{LABEL}.proxy"
_VOLUME = re.compile(r"berth-egress-[0-9a-f]{12}")


def old_doors(containers: Iterable[ContainerFacts]) -> Iterator[tuple[ContainerFacts, str]]:
    """Holders that no session's container has joined, and proxies that have ended and no longer have a holder."""
    containers = tuple(containers)
    lanes = Counter(container.labels.get(LANE_LABEL, "") for container in containers)
    joined = {each.labels.get(_PROXY_LABEL, "") for each in containers if lanes[each.labels.get(LANE_LABEL, "")] > 1}
    for container in containers:
        role = container.labels.get(EGRESS_LABEL, "")
        if role == "holder" and lanes[container.labels.get(LANE_LABEL, "")] < 2:
            yield container, "no session is in its network any more"
        elif role == "proxy" and container.status not in ("running", "paused") and container.name not in joined:
            yield container, "no session goes through it any more"


def old_meetings(volumes: Iterable[VolumeFacts], containers: Iterable[ContainerFacts]) -> Iterator[VolumeFacts]:
    """Volumes in which proxies met holders, where neither is there."""
    egress = [container for container in containers if EGRESS_LABEL in container.labels]
    needed = {container.labels.get(_PROXY_LABEL, container.name) for container in egress}
    for volume in volumes:
        if _VOLUME.fullmatch(volume.name) and EGRESS_LABEL in volume.labels and volume.name not in needed:
            yield volume
