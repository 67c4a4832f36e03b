"""The names of commands and notifications, without their models.

Kept free of pydantic so that the language server can announce its commands in the answer to ``initialize`` before
anything heavy is imported. A test holds this list against the table in :mod:`berth.protocol.command_table`.
"""

COMMANDS = (
    "agent.start",
    "agent.prompt",
    "agent.cancel",
    "agent.respond",
    "agent.stop",
    "agent.restart",
    "agent.rebuild",
    "agent.remove",
    "agent.list",
    "agent.snapshot",
    "agent.replay",
    "agent.plan",
    "agent.profiles",
    "agent.addProfile",
    "agent.copyProfile",
    "agent.renameProfile",
    "agent.removeProfile",
    "agent.setDefaultProfile",
    "agent.logs",
    "agent.shell",
    "agent.setOption",
    "agent.transcript",
    "agent.trust",
    "agent.login",
    "agent.toggle",
    "agent.doctor",
    "agent.watchStats",
    "agent.setLimits",
    "agent.disk",
    "agent.prune",
)
"""Every server command. VS Code commands have other ids (``berth.*``), since its client registers these as they are."""

SESSION = "agent/session"
"""Notification: a whole ``SessionInfo``, on every change."""

EVENTS = "agent/events"
"""Notification: ``{session, first, events[]}``, numbered without gaps."""

STATS = "agent/stats"
"""Notification: what a session uses, a ``SessionStats``, while this connection asked for it."""

REMOVED = "agent/removed"
"""Notification: ``{session}``, when a session was removed."""
