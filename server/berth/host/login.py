"""``agent.login``: the argv of an agent's own login, and this machine's login copied when that was asked for."""

from dataclasses import replace

from anyio import to_thread

from berth.agents.catalog import KNOWN_AGENTS
from berth.agents.logins import LOGINS, Login
from berth.errors import AgentError, SessionError
from berth.host.audited import login_copied
from berth.host.connections import Connection
from berth.host.gate import pass_unasked
from berth.host.host import Host
from berth.host.login_files import HostLogin, host_login
from berth.host.login_room import login_image, login_room
from berth.host.prebuild import Unseen
from berth.planning.host_plan import AnyPlan
from berth.planning.login_line import exec_words, login_plan, login_words
from berth.planning.login_network import login_network
from berth.planning.plan import SessionPlan
from berth.protocol.login import LoginArguments, LoginResult
from berth.protocol.plans import PlanArguments
from berth.sessions.egress.way_out import joined
from berth.sessions.session import Session
from berth.sessions.states import TALKING

_KEPT = {
    "workspace": "The login is kept for this workspace.",
    "user": "The login is kept for all workspaces.",
    "none": "The login goes with the session.",
}


class Logins:
    """Signs people in to agents, in the HOME that sessions have."""

    def __init__(self, host: Host) -> None:
        """For one host's sessions."""
        self._host = host

    async def login(self, connection: Connection, arguments: LoginArguments) -> LoginResult:
        """How to log in; with ``copy``, what was copied.

        Raises:
            AgentError: ``unsupported``: Berth does not know how one logs in to this agent, or where its login is kept;
                ``login-needed``: there is nothing to copy.
            TrustError: The workspace decides over image, agent or HOME, and nobody has allowed that yet.
            SessionError: ``wrong-state``: logins are kept nowhere, and no session runs.
            ImageError: ``image-not-found``: no image with the agent is on this machine.
            EngineError: ``egress-failed``: the login's container would have no way out.
        """
        wanted = PlanArguments(
            workspace_folder=arguments.workspace_folder, agent=arguments.agent, profile=arguments.profile
        )
        plan = await self._host.planner.plan(connection, wanted, session="login")
        login = _login_of(plan)
        # whoever wrote the workspace's settings chooses no image that people type their password into
        await pass_unasked(self._host, connection, plan)
        if not isinstance(plan, SessionPlan):
            return _on_this_machine(plan, login, arguments)
        session = self._running(plan)
        if session is None and plan.login is not None and plan.login.scope == "none":
            raise _kept_nowhere(plan)
        if arguments.copy_:
            found = await to_thread.run_sync(lambda: host_login(login, connection.environment, title=plan.agent.title))
            copied = await self._copy(plan, login, found, session)
            self._host.trail.note(login_copied(connection.name, plan))
            return copied
        return await self._open(plan, login, session)

    async def _open(self, plan: SessionPlan, login: Login, session: Session | None) -> LoginResult:
        engine = self._host.engine
        if session is not None and session.info.container:
            inside = login_plan(plan, login, image=plan.image.reference)
            argv = engine.client(exec_words(inside, session.info.container))
        else:
            alone = await self._led_out(await login_image(engine, plan, login))
            argv = engine.client(login_words(alone))
        return LoginResult(argv=argv, title=_title(plan), note=f"{login.note} {_kept(plan)}")

    async def _led_out(self, plan: SessionPlan) -> SessionPlan:
        """The login's container with a way out of its own, where the mode gives it no network: see docs/egress.md."""
        if plan.network.image is None:
            return plan
        await self._host.images.prepare(plan.network.image, Unseen())
        return replace(plan, container=joined(plan.container, await self._host.ways.lend(login_network(plan))))

    async def _copy(self, plan: SessionPlan, login: Login, found: HostLogin, session: Session | None) -> LoginResult:
        engine, user = self._host.engine, plan.container.user
        if session is not None and session.info.container:
            await engine.put(session.info.container, user.home, found.files, owner=user)
        else:
            async with login_room(engine, await login_image(engine, plan, login)) as container:
                await engine.put(container, user.home, found.files, owner=user)
        kept = f"{_kept(plan)} The agent can use it as you do. A login that both renew may end for one of them."
        note = f"{kept} {login.copy_note}".strip()
        return LoginResult(argv=(), title=_title(plan), note=note, copied=found.places)

    def _running(self, plan: SessionPlan) -> Session | None:
        """The newest session that runs with the same HOME, or, where each has its own, of this agent and workspace."""
        for session in reversed(self._host.sessions()):
            other = session.plan
            runs = session.info.state in TALKING and session.info.container is not None
            if runs and isinstance(other, SessionPlan) and _shares(plan, other):
                return session
        return None


def _login_of(plan: AnyPlan) -> Login:
    login = LOGINS.get(plan.agent.name)
    if login is None:
        known = KNOWN_AGENTS.get(plan.agent.name)
        hint = known.login_hint if known else "Give it its key by berth.agents.<name>.forwardEnv."
        raise AgentError("unsupported", f"Berth does not know how one logs in to {plan.agent.title}.", hint)
    return login


def _on_this_machine(plan: AnyPlan, login: Login, arguments: LoginArguments) -> LoginResult:
    if arguments.copy_:
        sentence = f"{plan.agent.title} runs without a container here and uses this machine's login."
        raise AgentError("unsupported", sentence, "There is nothing to copy.")
    return LoginResult(argv=login.argv, title=_title(plan), note=f"{login.note} The login is this machine's own.")


def _shares(plan: SessionPlan, other: SessionPlan) -> bool:
    if plan.login is None or other.login is None:
        return False
    if plan.login.scope == other.login.scope == "none":
        return (plan.workspace, plan.agent.name) == (other.workspace, other.agent.name)
    return plan.login.volume == other.login.volume


def _kept_nowhere(plan: SessionPlan) -> SessionError:
    return SessionError(
        "wrong-state",
        f"No session of {plan.agent.title} runs here, and berth.docker.login is none: a login would be kept nowhere.",
        "Start a session and log in to that, or set berth.docker.login to workspace.",
    )


def _title(plan: AnyPlan) -> str:
    return f"{plan.agent.title}: log in"


def _kept(plan: SessionPlan) -> str:
    return _KEPT[plan.login.scope] if plan.login else ""
