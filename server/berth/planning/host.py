"""Settings, a request and facts in, the plan of a session without a container out. Needs no engine."""

from collections.abc import Mapping
from pathlib import Path

from berth.planning.choice import Choice, choose
from berth.planning.ends import plan_ends
from berth.planning.environment_files import environment_files
from berth.planning.facts import LocalFacts
from berth.planning.host_environment import plan_host_environment
from berth.planning.host_ignored import ignored_notes
from berth.planning.host_plan import HostSessionPlan, ProcessPlan
from berth.planning.judgement import judged
from berth.planning.mode import ChosenMode
from berth.planning.needs import Needs
from berth.planning.paths import Places
from berth.planning.plan import AgentPlan, Variable
from berth.planning.reasons import built_in, reason
from berth.planning.resources import asked_resources
from berth.planning.workspace import check_workspace
from berth.protocol.plans import PlanArguments
from berth.settings.settings import Settings

SHELL = "/bin/sh"
"""POSIX has it everywhere; what the user prefers stands in ``SHELL``."""


def host_needs(settings: Settings, request: PlanArguments, *, workspace: Path, environment: Mapping[str, str]) -> Needs:
    """Says what to look at: env files only.

    Raises:
        SettingsError: As :func:`berth.planning.needs.needs`.
    """
    choice = choose(settings, request)
    files = environment_files(settings, request, choice, places=Places(workspace, environment)).all()
    return Needs(files=frozenset(file.path for file in files if file.is_readable), paths=frozenset())


def plan_on_host(
    settings: Settings, request: PlanArguments, chosen: ChosenMode, *, facts: LocalFacts
) -> HostSessionPlan:
    """Decides everything about a session without a container. As pure as :func:`berth.planning.session.plan_session`.

    Raises:
        SettingsError: ``unknown-profile``, ``unknown-agent``, ``bad-env-file``, ``reserved-variable`` or
            ``bad-settings``.
        WorkspaceError: ``workspace-unsuitable``.
        InvalidArguments: A field of the request cannot be used.
    """
    check_workspace(facts)
    choice = choose(settings, request)
    environment = plan_host_environment(settings, request, choice, facts=facts)
    asked = asked_resources(settings, request, choice)
    ceilings, ends = settings.policy.resources, plan_ends(settings.ends)
    time_limit, idle_limit = asked.time_limit or ceilings.time_limit, asked.idle_limit or ceilings.idle_limit
    plan = HostSessionPlan(
        workspace=facts.workspace.path,
        profile=choice.profile.name if choice.profile else None,
        process=_process(facts),
        agent=_agent(choice, environment.variables),
        mode_reason=chosen.reason,
        time_limit=time_limit.value if time_limit else None,
        time_reason=reason(time_limit.origin) if time_limit else built_in("as no limit was set"),
        idle_limit=idle_limit.value if idle_limit else None,
        idle_reason=reason(idle_limit.origin) if idle_limit else built_in("as no limit was set"),
        ends=ends.ends,
        notes=(*environment.notes, *ends.notes, *ignored_notes(settings, request, choice, asked=asked)),
        profile_reason=choice.profile_reason,
        borrowed=choice.borrowed,
        env_files=environment.files,
    )
    return judged(plan, settings.policy, Places(facts.workspace.path, facts.environment).home)


def _process(facts: LocalFacts) -> ProcessPlan:
    shell = facts.environment.get("SHELL", "")
    return ProcessPlan(
        workdir=str(facts.workspace.path),
        inherited=facts.environment,
        shell=shell if shell.startswith("/") else SHELL,
    )


def _agent(choice: Choice, variables: tuple[Variable, ...]) -> AgentPlan:
    agent = choice.agent
    package = "" if choice.custom_command else agent.package
    return AgentPlan(
        name=agent.name,
        title=agent.title,
        dialect=agent.dialect,
        argv=agent.argv if choice.custom_command else (*agent.argv, *agent.host_arguments),
        environment=variables,
        handshake_timeout=agent.handshake_timeout,
        reason=choice.agent_reason,
        command_reason=choice.command_reason,
        asking_mode=agent.asking_mode,
        install_hint=f"Install it (npm install -g {package})" if package else "Install it",
    )
