"""The last gate before an engine: the finished create request is read again, and only what is known to be safe passes.

It knows nothing of how a request is made. Two gates that look at different things are on purpose: a gate that looked at
``Binds`` while the attack used ``Mounts`` was a vulnerability of a well-known product. Pure.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from berth.engine.docker.request_rules import HOST_RULES, REQUIRED, REQUIRED_OF_HOST, RULES, Rule
from berth.engine.docker.request_terms import Terms
from berth.errors import BerthError


@dataclass(frozen=True, slots=True)
class AuditedRequest:
    """A create request that passed. ``digest`` is the SHA-256 over its canonical JSON."""

    body: Mapping[str, Any] = field(repr=False)
    digest: str


def audited(body: Mapping[str, Any], terms: Terms) -> AuditedRequest:
    """The request, fit to be sent.

    Raises:
        BerthError: ``request-refused``: a key that is not known, or a value that the terms do not allow.
    """
    faults = violations(body, terms)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise BerthError(
            "request-refused",
            f"The request for the {terms.role}'s container was not sent: {faults[0]}{more}.",
            "Nothing was made. Somebody found a way past the checks of the settings, or Berth has a fault: report it.",
        )
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return AuditedRequest(body, hashlib.sha256(canonical).hexdigest())


def violations(body: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    """Everything that is wrong with a request, each as a clause without the value."""
    host = body.get("HostConfig")
    if not isinstance(host, dict):
        return ("HostConfig is missing",)
    outer = {key: value for key, value in body.items() if key != "HostConfig"}
    return (
        *_read(outer, RULES, terms),
        *_read(host, HOST_RULES, terms, within="HostConfig."),
        *(f"{key} is missing" for key in sorted(REQUIRED[terms.role] - outer.keys())),
        *(f"HostConfig.{key} is missing" for key in sorted(REQUIRED_OF_HOST - host.keys())),
    )


def _read(part: Mapping[str, Any], rules: Mapping[str, Rule], terms: Terms, *, within: str = "") -> Iterator[str]:
    for key, value in part.items():
        rule = rules.get(key)
        if rule is None:
            yield f"{within}{key if str(key).isidentifier() else 'a key'} is not known"
        elif not rule(value, terms):
            yield f"{within}{key} is not what may be asked for"
