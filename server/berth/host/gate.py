"""The gate that every start passes, and what is noted of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio import to_thread

from berth.errors import TrustError
from berth.host.audited import refused, revoked
from berth.host.connections import Connection
from berth.host.host import Host
from berth.host.refusals import nobody_to_ask, refuse
from berth.host.trust_command import trust_of
from berth.planning.host_plan import AnyPlan
from berth.protocol.trust import TrustArguments, TrustResult


async def pass_gate(host: Host, connection: Connection, plan: AnyPlan) -> None:
    """Refuses what nobody can allow, and what nobody is there to allow.

    Raises:
        TrustError: ``policy-breach`` or ``untrusted-workspace``.
    """
    with noted(host, connection, plan):
        refuse(plan)
        if not connection.asks and not await host.allowance.allows(plan):
            raise nobody_to_ask(plan)


async def pass_unasked(host: Host, connection: Connection, plan: AnyPlan) -> None:
    """Refuses what nobody has allowed yet, whoever could be asked. Raises as :func:`pass_gate` does."""
    with noted(host, connection, plan):
        refuse(plan)
        if not await host.allowance.allows(plan):
            raise nobody_to_ask(plan)


@contextmanager
def noted(host: Host, connection: Connection, plan: AnyPlan) -> Iterator[None]:
    """Notes a refusal in the audit."""
    try:
        yield
    except TrustError as error:
        host.trail.note(refused(connection.name, plan, error))
        raise


async def shown_trust(host: Host, connection: Connection, arguments: TrustArguments) -> TrustResult:
    """Shows what workspaces were allowed, and takes it back. Raises as :func:`trust_of` does."""
    result = await to_thread.run_sync(trust_of, host.trust, arguments)
    if arguments.revoke is not None:
        host.trail.note(revoked(connection.name, arguments, result.revoked))
    return result
