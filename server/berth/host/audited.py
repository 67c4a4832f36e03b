"""What of commands and events is noted in the audit. Pure.

Titles of questions, sentences of errors and all that agents say stay out: what an agent chose is nobody's evidence.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from berth.audit.entry import Entry
from berth.errors import BerthError
from berth.planning.host_plan import AnyPlan
from berth.planning.labels import LABEL
from berth.planning.plan import SessionPlan
from berth.protocol.container_events import (
    CeilingPassed,
    ContainerState,
    CredentialUsed,
    CredentialWithheld,
    IsolationProved,
    LimitsChanged,
    NetworkAllowed,
    NetworkBlocked,
    StopStep,
)
from berth.protocol.event_body import EventBody
from berth.protocol.events import InputRequested, InputResolved, StateChanged
from berth.protocol.session import SessionInfo, State
from berth.protocol.trust import TrustArguments
from berth.protocol.workspace_events import WritebackFound

_NOTED = frozenset({State.STARTING, State.STOPPING, State.STOPPED, State.FAILED})


def started(actor: str, plan: AnyPlan, info: SessionInfo, *, again: bool = False) -> Entry:
    """A session was planned, and everything in its plan may be, or takes a yes that is asked for next."""
    container = plan.container if plan.mode == "container" else None
    return Entry(
        "session.rebuilt" if again else "session.created",
        decision="asked" if plan.consent else "allowed",
        code=plan.mode,
        actor=actor,
        session=info.id,
        workspace=str(plan.workspace),
        request_digest=plan.consent.digest if plan.consent else _shape(container.labels if container else {}),
        policy_digest=plan.policy_digest,
        subject=plan.image.reference if plan.mode == "container" else plan.agent.name,
    )


def refused(actor: str, plan: AnyPlan, error: BerthError) -> Entry:
    """A start that nobody may allow, or that nobody was there to allow."""
    return Entry(
        "gate.refused",
        decision="refused",
        code=error.kind,
        actor=actor,
        workspace=str(plan.workspace),
        request_digest=plan.consent.digest if plan.consent else "",
        policy_digest=plan.policy_digest,
        subject=", ".join(sorted({breach.what for breach in plan.breaches})),
    )


def login_copied(actor: str, plan: SessionPlan) -> Entry:
    """A person had this machine's login copied to where sessions find it."""
    volume = plan.login.volume if plan.login else ""
    return Entry("login.copied", actor=actor, workspace=str(plan.workspace), code=plan.agent.name, subject=volume)


def revoked(actor: str, arguments: TrustArguments, count: int) -> Entry:
    """A yes was taken back."""
    digest = arguments.revoke or ""
    return Entry(
        "trust.revoked",
        decision="revoked" if count else "none",
        actor=actor,
        workspace=arguments.workspace_folder or "",
        request_digest="" if digest == "all" else digest,
        subject=f"{count} yeses",
    )


def entry_of(info: SessionInfo, body: EventBody) -> Entry | None:
    """The entry of an event; None for what decides and ends nothing."""
    make = _OF_EVENTS.get(type(body))
    return make(info, body) if make else None


def noted(info: SessionInfo, event: str, **fields: str) -> Entry:
    """An entry about a session."""
    return Entry(event, session=info.id, workspace=info.workspace_folder, **fields)  # type: ignore[arg-type] # texts only


def _state(info: SessionInfo, body: StateChanged) -> Entry | None:
    if body.to not in _NOTED:
        return None
    return noted(info, f"session.{body.to}", code=body.error.kind if body.error else "")


def _container(info: SessionInfo, body: ContainerState) -> Entry:
    """A container that was started is noted with all that was seen of how it is confined."""
    seen = " ".join(f"{name}={value}" for name, value in (body.confinement or {}).items())
    ended = f"exit={body.exit.code}" if body.exit and body.exit.code is not None else ""
    what = (body.container or "")[:12], body.image_digest or "", seen, ended
    code = "confined" if body.confinement else ""
    return noted(info, f"container.{body.status}", code=code, subject=" ".join(filter(None, what)))


def _asked(info: SessionInfo, body: InputRequested) -> Entry:
    return noted(info, "gate.asked", decision="asked", code=body.input.purpose, subject=body.input.request)


def _answered(info: SessionInfo, body: InputResolved) -> Entry:
    code = "automatic" if body.automatic else ""
    return noted(
        info,
        "gate.answered",
        decision=body.option or "cancelled",
        code=code,
        actor="berth" if body.automatic else body.by,
        subject=body.request,
    )


def _step(info: SessionInfo, body: StopStep) -> Entry:
    return noted(info, "stop.step", decision=body.outcome, code=body.step)


def _passed(info: SessionInfo, body: CeilingPassed) -> Entry:
    return noted(info, "ceiling.passed", decision="paused", code=body.ceiling)


def _limits(info: SessionInfo, body: LimitsChanged) -> Entry:
    given = body.limits.model_dump(exclude_none=True)
    return noted(info, "limits.changed", subject=" ".join(f"{name}={value}" for name, value in given.items()))


def _writeback(info: SessionInfo, body: WritebackFound) -> Entry:
    """How much was found; the paths are what an agent chose."""
    severities = {finding.severity for finding in body.findings}
    return replace(noted(info, "writeback.found", code=" ".join(sorted(severities))), bytes=len(body.findings))


def _proved(info: SessionInfo, body: IsolationProved) -> Entry:
    return noted(info, "isolation.proved", decision="allowed", subject="; ".join(body.checks))


def _reached(info: SessionInfo, body: NetworkAllowed) -> Entry:
    return noted(info, "network.allowed", decision="allowed", subject=f"{body.host}:{body.port}")


def _kept_from(info: SessionInfo, body: NetworkBlocked) -> Entry:
    """The host has passed the proxy's grammar: it is a name or an address, whatever an agent asked for."""
    entry = noted(info, "network.blocked", decision="refused", code=body.why, subject=f"{body.host}:{body.port}")
    return replace(entry, bytes=body.count)


def _used(info: SessionInfo, body: CredentialUsed) -> Entry:
    """The name is the variable's, which the user chose, and the host where its key goes."""
    entry = noted(info, "credential.used", decision="allowed", subject=f"{body.name} {body.host}:{body.port}")
    return replace(entry, bytes=body.count)


def _withheld(info: SessionInfo, body: CredentialWithheld) -> Entry:
    return replace(noted(info, "credential.withheld", decision="refused", code=body.why), bytes=body.count)


def _shape(labels: Mapping[str, str]) -> str:
    return labels.get(f"{LABEL}.plan", "")


_OF_EVENTS: Mapping[type[EventBody], Callable[..., Entry | None]] = {
    StateChanged: _state,
    ContainerState: _container,
    InputRequested: _asked,
    InputResolved: _answered,
    StopStep: _step,
    LimitsChanged: _limits,
    CeilingPassed: _passed,
    WritebackFound: _writeback,
    IsolationProved: _proved,
    NetworkAllowed: _reached,
    NetworkBlocked: _kept_from,
    CredentialUsed: _used,
    CredentialWithheld: _withheld,
}
