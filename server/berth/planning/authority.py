"""The certificate authority of a network that inspects TLS: mounted read-only, named in every program's variable."""

from collections.abc import Mapping
from pathlib import Path

from berth.planning.plan import Mount
from berth.planning.reasons import built_in

CA_TARGET = "/etc/berth/ca.crt"
"""Where the bundle is in the container."""

CA_CONTEXT_NAME = "ca.crt"
"""What the bundle is called in the build context of Berth's image."""

_VARIABLES = (
    *("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT"),
)


def authority_variables(ca_file: Path | None) -> Mapping[str, str]:
    """What makes node, OpenSSL's users, requests, curl, git and pip believe the bundle; nothing without one."""
    return dict.fromkeys(_VARIABLES, CA_TARGET) if ca_file else {}


def authority_mounts(ca_file: Path | None) -> tuple[Mount, ...]:
    """The bundle's mount; none without one."""
    if ca_file is None:
        return ()
    return (Mount("bind", str(ca_file), CA_TARGET, read_only=True, reason=built_in("this network inspects TLS")),)
