"""What clients see of a session that was only just asked for."""

from berth.planning.host_plan import AnyPlan
from berth.protocol.session import SessionInfo
from berth.sessions.names import named
from berth.sessions.record import now
from berth.sessions.shown_limits import shown_limits, shown_network


def session_info(plan: AnyPlan, *, session: str, name: str | None) -> SessionInfo:
    """Of a session with this id; one without a name is called after its agent and folder."""
    return SessionInfo(
        id=session,
        name=named(name or f"{plan.agent.title} in {plan.workspace.name}", plan.mode),
        workspace_folder=str(plan.workspace),
        profile=plan.profile,
        agent=plan.agent.name,
        mode=plan.mode,
        image=plan.image.reference if plan.mode == "container" else None,
        started_at=now(),
        limits=shown_limits(plan),
        network=shown_network(plan),
    )
