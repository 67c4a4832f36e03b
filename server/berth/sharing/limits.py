"""What both ends of a connection to a host agree on."""

BACKLOG = 128
"""Editors that may wait to be let in, while the host is still importing."""
