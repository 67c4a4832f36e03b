"""What was asked for: the request's limits over the profile's over those of all sessions."""

from pydantic import ValidationError

from berth.errors import InvalidArguments
from berth.planning.choice import Choice
from berth.protocol.plans import PlanArguments
from berth.settings.entries import Entry
from berth.settings.layers import Layer
from berth.settings.problems import problems_of
from berth.settings.resources import Resources, ResourcesSection, merged_resources
from berth.settings.settings import Settings


def asked_resources(settings: Settings, request: PlanArguments, choice: Choice) -> Resources:
    """Merges what the settings, the profile and the request ask for; each limit on its own.

    Raises:
        InvalidArguments: A limit in the request cannot be used.
    """
    of_profile = choice.profile.resources if choice.profile else Resources()
    return _requested(request).over(of_profile.over(settings.resources))


def _requested(request: PlanArguments) -> Resources:
    if request.resources is None:
        return Resources()
    layer = Layer("request", {}, file="resources", trusted=True)
    try:
        written = ResourcesSection.model_validate(request.resources.model_dump(by_alias=True, exclude_none=True))
    except ValidationError as error:
        [problem, *_] = problems_of(layer, error)
        sentence = f"resources.{problem.setting.removeprefix('berth.')} {problem.what}."
        raise InvalidArguments("invalid-arguments", sentence) from error
    return merged_resources([Entry(layer, ("resources",), written)])
