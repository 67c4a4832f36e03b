"""The question about a host that is not listed. Pure."""

import ipaddress

from berth.planning.forwarding import HOST_NAME
from berth.protocol.session import InputRequest, Option, OptionKind
from berth.sessions.questions import OWN

MOST_QUESTIONS = 20
"""Different hosts that one session may have a person asked about; what comes after them is refused."""

ONCE_SECONDS = 60.0
"""How long "once" lasts: what a person means is one clone or one install, which takes many connections."""

NO = Option(id="no", name="Don't Allow", kind=OptionKind.REJECT_ONCE)
"""What is not to be reached in this session."""

_OPTIONS = (
    NO,
    Option(id="once", name="Allow for a Minute", kind=OptionKind.ALLOW_ONCE),
    Option(id="session", name="Allow for This Session", kind=OptionKind.OTHER),
    Option(id="always", name="Always Allow", kind=OptionKind.ALLOW_ALWAYS),
    Option(id="never", name="Never Allow", kind=OptionKind.REJECT_ALWAYS),
)


def can_be_asked(host: str) -> bool:
    """Whether a person can judge it: a name says whom it belongs to, an address does not."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def setting(host: str, port: int) -> str:
    """The host as ``berth.docker.network`` lists it."""
    return host if port == 443 else f"{host}:{port}"


def network_question(host: str, port: int) -> InputRequest:
    """Asks about one host and port. The host is what the proxy's grammar let through: no markup can be in it."""
    is_here = host == HOST_NAME
    where = "a service of this machine" if is_here else f"{host}, port {port}"
    risk = "Services on this machine may do anything for whoever reaches them from here. " if is_here else ""
    return InputRequest(
        request=f"{OWN}network-{host}-{port}",
        purpose="network",
        title=f"Let the session reach {host}:{port}?",
        detail=f"The agent, or a program that it runs, wants to reach {where}, which is not listed in "
        f"`berth.docker.network.allow`. It could send there what it has read. {risk}"
        "*Always* and *Never* are written to your own settings.",
        options=_OPTIONS,
    )
