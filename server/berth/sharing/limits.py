"""What both ends of a connection to a host agree on."""

BACKLOG = 128
"""Editors that may wait to be let in, while the host is still importing."""

ANSWER_SECONDS = 60.0
"""A host that was just started imports for half a second, on a busy machine for several."""
