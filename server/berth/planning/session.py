"""Settings, a request and facts in, a whole plan out. The dry run and the real start use the same plan."""

import re

from berth.planning.choice import Choice, choose
from berth.planning.environment import plan_environment
from berth.planning.facts import Facts
from berth.planning.forwarding import HOST_NAME
from berth.planning.image import plan_image
from berth.planning.labels import labelled
from berth.planning.limits import plan_limits, plan_tmpfs
from berth.planning.mounts import plan_mounts
from berth.planning.plan import AgentPlan, ContainerPlan, ImagePlan, Mount, SessionPlan, User, Variable
from berth.planning.user import plan_user
from berth.planning.workspace import check_workspace
from berth.protocol.commands import PlanArguments
from berth.settings.settings import Settings


def plan_session(settings: Settings, request: PlanArguments, facts: Facts) -> SessionPlan:
    """Decides everything about a session. Pure: no I/O, no clock, no environment but ``facts.environment``.

    Raises:
        SettingsError: ``unknown-profile``, ``unknown-agent``, ``bad-image``, ``bad-mount``, ``bad-env-file``,
            ``reserved-variable`` or ``bad-settings``.
        ImageError: ``agent-missing``.
        WorkspaceError: ``workspace-unsuitable``.
        InvalidArguments: A field of the request cannot be used.
    """
    check_workspace(facts)
    choice = choose(settings, request)
    user = plan_user(facts, home=choice.agent.home)
    image = plan_image(settings, request, choice, facts=facts)
    mounts = plan_mounts(choice, facts=facts, user=user.user)
    environment = plan_environment(settings, request, choice, facts=facts)
    plan = SessionPlan(
        workspace=facts.workspace.path,
        profile=choice.profile.name if choice.profile else None,
        mode="container",
        image=image.image,
        container=_container(image.image, user.user, mounts.mounts, facts=facts),
        agent=_agent(choice, environment.variables),
        notes=(*user.notes, *image.notes, *mounts.notes, *environment.notes),
        profile_reason=choice.profile_reason,
    )
    return labelled(plan, facts.session)


def _agent(choice: Choice, variables: tuple[Variable, ...]) -> AgentPlan:
    agent = choice.agent
    return AgentPlan(
        name=agent.name,
        title=agent.title,
        dialect=agent.dialect,
        argv=agent.argv,
        environment=variables,
        handshake_timeout=agent.handshake_timeout,
        reason=choice.agent_reason,
    )


def _container(image: ImagePlan, user: User, mounts: tuple[Mount, ...], *, facts: Facts) -> ContainerPlan:
    limits = plan_limits(facts.engine)
    return ContainerPlan(
        image=image.reference,
        user=user,
        workdir=str(facts.workspace.path),
        mounts=mounts,
        tmpfs=plan_tmpfs(limits),
        limits=limits,
        hostname=_hostname(facts.session),
        extra_hosts={HOST_NAME: "host-gateway"},
        labels={},
        init=facts.engine.init,
    )


def _hostname(session: str) -> str:
    """``berth-`` and what of the session's id a host name can have, short enough for a prompt."""
    return f"berth-{re.sub(r'[^a-z0-9]+', '-', session.lower())[:12]}".rstrip("-")
