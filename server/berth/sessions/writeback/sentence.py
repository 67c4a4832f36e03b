"""What was found, in plain words. The paths are an agent's text: whoever shows them makes them harmless."""

from pathlib import PurePath

from berth.protocol.workspace_events import WritebackFound

NAMED = 3
"""So many paths are named where there is room for one sentence."""


def is_grave(found: WritebackFound) -> bool:
    """Whether somebody is to be interrupted: git, an editor or a shell would obey it by itself."""
    return any(finding.severity == "warning" for finding in found.findings)


def headline(found: WritebackFound) -> str:
    """One sentence that tells how much, and since when."""
    count = len(found.findings)
    what = "one thing" if count == 1 else f"{count} things"
    when = "in this turn" if found.during == "turn" else "since the last turn, by the agent or by you"
    return f"In the workspace, {what} that can run on your machine without being asked to changed {when}."


def warning(found: WritebackFound) -> str:
    """The headline with the first paths, for a message."""
    grave = [finding for finding in found.findings if finding.severity == "warning"]
    named = ", ".join("/".join(PurePath(finding.path).parts[-2:]) for finding in grave[:NAMED])
    more = f" and {len(grave) - NAMED} more" if len(grave) > NAMED else ""
    return f"{headline(found)} Look at {named}{more} before you use git, a shell or another editor there."
