"""A plan without what must not be written: values of variables, and the words of commands, which may hold some."""

from dataclasses import replace

from berth.planning.host_plan import AnyPlan


def hollow(plan: AnyPlan) -> AnyPlan:
    """The same plan, with nothing in it that is a secret. Pure."""
    variables = tuple(replace(variable, value="") for variable in plan.agent.environment)
    agent = replace(plan.agent, environment=variables)
    if plan.mode == "host":
        return replace(plan, agent=agent, process=replace(plan.process, inherited={}))
    return replace(plan, agent=agent, before=tuple(replace(command, argv=()) for command in plan.before))
