"""What sessions have to say about the Dockerfile that their image is built from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from berth.host.findings import Finding
from berth.planning.host_plan import AnyPlan
from berth.sessions.session import Session

OUTDATED = "outdated-image"
"""Kind of the finding that a container was made before its Dockerfile, or what that takes, changed."""


def build_findings(sessions: Sequence[Session], folder: Path) -> Iterator[Finding]:
    """A finding for each session of the folder whose build failed, or whose image is no longer what would be built.

    Args:
        sessions: All sessions.
        folder: The workspace folder as the editor calls it; it is the same as the sessions' after links are followed.
    """
    for session in sessions:
        error = session.info.error
        if error is not None and error.file:
            yield Finding(folder / error.file, error.line or 1, error.kind, f"{error.message} {error.hint}", "error")
        dockerfile = built_from(session.plan)
        if dockerfile and session.info.outdated:
            was = f"{session.info.name} runs in a container from before the settings, this or what it copies changed."
            message = f"{was} agent.rebuild applies the change."
            yield Finding(folder / dockerfile, 1, OUTDATED, message, "information")


def built_from(plan: AnyPlan) -> str:
    """The Dockerfile in the workspace that a plan's image is built from; empty where there is none."""
    recipe = plan.image.recipe if plan.mode == "container" else None
    return recipe.dockerfile if recipe is not None and recipe.boundary is not None else ""
