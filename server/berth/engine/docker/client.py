"""docker-py: its client, its exceptions, its logins. Imported by the first call that needs an engine (0.15 s)."""

import logging
from collections.abc import Callable
from typing import TypeVar

from docker import APIClient, auth
from docker.errors import APIError, DockerException
from docker.tls import TLSConfig
from requests.exceptions import RequestException

from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.errors import Subject, from_exception, from_message

T = TypeVar("T")

logger = logging.getLogger(__name__)


def make_client(endpoint: Endpoint, api: str, *, seconds: float) -> APIClient:
    """A client whose calls give up after some seconds. Connects on its first call."""
    tls = endpoint.tls
    pair = (str(tls.certificate), str(tls.key)) if tls and tls.certificate and tls.key else None
    ca = str(tls.ca) if tls and tls.ca else None
    secure = TLSConfig(client_cert=pair, ca_cert=ca, verify=tls.verify) if tls else False
    return APIClient(endpoint.url, version=api, timeout=int(seconds), tls=secure)


def run(call: Callable[[APIClient], T], client: APIClient, *, subject: Subject, address: str) -> T:
    """Makes a call. Blocks.

    Raises:
        BerthError: Whatever went wrong, translated.
    """
    try:
        return call(client)
    except APIError as error:
        status = error.response.status_code if error.response is not None else 0
        raise from_message(status, str(error.explanation or error), subject=subject) from None
    except (DockerException, RequestException, OSError) as error:
        raise from_exception(error, address=address) from None


def registry_headers(reference: str) -> dict[str, str]:
    """The header with the login for an image's registry, as the Docker CLI keeps it; empty without one. Blocks.

    A login that cannot be read is left out with a warning: most images need none, and the registry tells if one does.
    """
    try:
        registry, _ = auth.resolve_repository_name(reference)
        login = auth.load_config().resolve_authconfig(registry)
    except DockerException as error:
        logger.warning("The login for the registry of %s cannot be read: %s", reference, type(error).__name__)
        return {}
    return {"X-Registry-Auth": auth.encode_header(login).decode()} if login else {}
