"""What a life writes to its launcher before anything else."""

from berth.agents.dialects import resume_arguments
from berth.engine.launch import Launch
from berth.engine.launcher import whole_payload
from berth.planning.host_plan import AnyPlan
from berth.sessions.past import Begun
from berth.sessions.proof import is_powerless, sealed_paths


def first_payload(plan: AnyPlan, begun: Begun) -> bytes:
    """The agent's arguments and its variables with their values."""
    agent = plan.agent
    launch = Launch(
        argv=(*agent.argv, *resume_arguments(agent.dialect, begun.resume)),
        environment={variable.name: variable.value for variable in agent.environment},
        workdir=plan.workdir,
        writable=(str(plan.workspace),) if plan.mode == "container" else (),
        sealed=sealed_paths(plan),
        powerless=is_powerless(plan),
        expanding=frozenset(variable.name for variable in agent.environment if variable.expands),
        before=plan.before if plan.mode == "container" else (),
        container=begun.container,
    )
    return whole_payload(launch)
