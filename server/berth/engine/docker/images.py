"""Images that are there: listed, and taken away. Called in worker threads."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import APIClient


def labelled(client: "APIClient", labels: Mapping[str, str]) -> list[str]:
    """Ids of the images that carry all of these labels. Blocks."""
    wanted = {"label": [f"{name}={value}" if value else name for name, value in labels.items()]}
    found: list[dict[str, Any]] = client.images(filters=wanted)
    return list(dict.fromkeys(str(each["Id"]) for each in found))


def remove(client: "APIClient", reference: str) -> bool:
    """Removes it, or a name of it; False where the engine says that it is used. Blocks."""
    from docker.errors import APIError  # noqa: PLC0415 - docker is imported by the first call

    try:
        client.remove_image(reference)
    except APIError as error:
        status = error.response.status_code if error.response is not None else 0
        if status not in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT):
            raise
        return status == HTTPStatus.NOT_FOUND
    return True
