"""The addresses of virtual documents."""

SCHEME = "berth"
"""What they begin with."""


def uri_of(session: str) -> str:
    """The URI of a session's virtual document."""
    return f"{SCHEME}://session/{session}.md"


def session_of(uri: str) -> str | None:
    """The session that a virtual document's URI names; None for any other URI."""
    head, tail = f"{SCHEME}://session/", ".md"
    is_ours = uri.startswith(head) and uri.endswith(tail)
    return uri[len(head) : -len(tail)] or None if is_ours else None
