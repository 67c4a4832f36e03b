"""Settings, a request and facts in, a whole plan out. The dry run and the real start use the same plan."""

from dataclasses import dataclass, replace

from berth.planning.choice import Choice, choose
from berth.planning.devcontainers import preparations
from berth.planning.docker_args.apply import asked_limits_of, with_docker_args, without_effect
from berth.planning.docker_args.surroundings import asked_agent, asked_image, asked_user
from berth.planning.ends import plan_ends
from berth.planning.environment import plan_environment
from berth.planning.facts import Facts
from berth.planning.forwarding import HOST_NAME
from berth.planning.image import plan_image
from berth.planning.image_plan import ImagePlan
from berth.planning.judgement import judged
from berth.planning.labels import hostname_of, labelled
from berth.planning.layering import plan_agent_layer
from berth.planning.limits import PlannedLimits, capped, plan_limits, plan_tmpfs
from berth.planning.login import plan_login
from berth.planning.mounts import plan_mounts
from berth.planning.network import plan_network
from berth.planning.paths import Places
from berth.planning.plan import AgentPlan, ContainerPlan, Mount, SessionPlan, User, Variable
from berth.planning.resources import asked_resources
from berth.planning.spares import plan_spares
from berth.planning.user import PlannedUser, plan_user
from berth.planning.workspace import check_workspace
from berth.protocol.plans import PlanArguments
from berth.settings.settings import Settings


def plan_session(settings: Settings, request: PlanArguments, facts: Facts) -> SessionPlan:
    """Decides everything about a session in a container.

    Pure: no I/O, no clock, no environment but ``facts.environment``.

    Raises:
        SettingsError: ``unknown-profile``, ``unknown-agent``, ``bad-image``, ``bad-mount``, ``bad-env-file``,
            ``reserved-variable``, ``bad-docker-args`` or ``bad-settings``.
        ImageError: ``agent-missing``.
        WorkspaceError: ``workspace-unsuitable``.
        InvalidArguments: A field of the request cannot be used.
    """
    check_workspace(facts)
    choice = choose(settings, request)
    args = choice.docker_args
    user = _user(choice, facts)
    image = plan_image(settings, request, choice, facts=facts)
    mounts = plan_mounts(choice, facts=facts, user=user.user)
    environment = plan_environment(settings, request, choice, facts=facts)
    limits = _limits(settings, request, choice, facts)
    container = with_docker_args(_container(_Parts(image.image, user.user, mounts.mounts, limits), facts), args)
    network = plan_network(settings, choice, facts, (container, environment.variables))
    notes = (*user.notes, *image.notes, *mounts.notes, *environment.notes, *limits.notes)
    plan = SessionPlan(
        workspace=facts.workspace.path,
        profile=choice.profile.name if choice.profile else None,
        mode="container",
        image=asked_image(args, image.image, facts.engine),
        container=network.container,
        agent=asked_agent(args, _agent(choice, network.variables)),
        notes=(*settings_notes(settings), *notes, *network.notes, *without_effect(args)),
        profile_reason=choice.profile_reason,
        borrowed=choice.borrowed,
        env_files=environment.files,
        agent_layer=plan_agent_layer(settings, choice, image.image, facts),
        login=plan_login(choice, facts=facts, user=user.user, variables=network.variables),
        before=preparations(settings.project),
        mount_points=mounts.mount_points,
        network=network.network,
    )
    return _finished(plan, settings, facts)


def _finished(plan: SessionPlan, settings: Settings, facts: Facts) -> SessionPlan:
    """The plan with what can be said of it only as a whole."""
    ends = plan_ends(settings.ends)
    plan = replace(plan, ends=ends.ends, notes=(*plan.notes, *ends.notes))
    plan = labelled(replace(plan, spares=plan_spares(settings, plan)), facts)
    return judged(plan, settings.policy, Places(facts.workspace.path, facts.environment).home)


def settings_notes(settings: Settings) -> tuple[str, ...]:
    """What the settings themselves have to say."""
    return (*settings.notes, *(settings.project.notes if settings.project else ()))


def _user(choice: Choice, facts: Facts) -> PlannedUser:
    planned = plan_user(facts, home=choice.agent.home)
    return replace(planned, user=asked_user(choice.docker_args, planned.user))


def _limits(settings: Settings, request: PlanArguments, choice: Choice, facts: Facts) -> PlannedLimits:
    planned = plan_limits(facts.engine, asked_resources(settings, request, choice))
    return capped(asked_limits_of(choice.docker_args, planned, facts.engine), settings.policy.resources)


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
        command_reason=choice.command_reason,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a container is put together from."""

    image: ImagePlan
    user: User
    mounts: tuple[Mount, ...]
    limits: PlannedLimits


def _container(parts: _Parts, facts: Facts) -> ContainerPlan:
    limits = parts.limits.limits
    return ContainerPlan(
        image=parts.image.reference,
        user=parts.user,
        workdir=str(facts.workspace.path),
        mounts=parts.mounts,
        tmpfs=plan_tmpfs(limits),
        limits=limits,
        hostname=hostname_of(facts.session),
        extra_hosts={HOST_NAME: "host-gateway"},
        labels={},
        init=facts.engine.init,
        limit_reasons=parts.limits.reasons,
    )
