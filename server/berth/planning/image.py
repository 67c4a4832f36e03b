"""Which image: the request's, the profile's, the project's Dockerfile, devcontainer.json's, the default, Berth's own.

A Dockerfile without ``FROM`` is an overlay: it is laid over what the rest of this order comes to.
"""

import re
from dataclasses import dataclass

from berth.errors import ImageError, SettingsError
from berth.planning.build_recipes import own_recipe, workspace_recipe
from berth.planning.builds import BuildWish, build_wish, devcontainer_wish
from berth.planning.choice import Choice
from berth.planning.facts import BuildFacts, Facts
from berth.planning.features import features_unused, with_features
from berth.planning.image_plan import ImagePlan
from berth.planning.paths import Places
from berth.planning.reasons import built_in, reason, requested
from berth.protocol.plans import PlanArguments
from berth.settings.origin import Origin, Sourced
from berth.settings.settings import Settings

DEFAULT_BUNDLE = "claude"

_PART = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_REGISTRY = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?"
_REFERENCE = re.compile(
    rf"(?:{_REGISTRY}/)?{_PART}(?:/{_PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?"
    r"|sha256:[0-9a-f]{64}"
)
"""The grammar of the distribution project's ``reference`` package; it has no room for a leading hyphen."""


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """The image, and notes."""

    image: ImagePlan
    notes: tuple[str, ...] = ()


def plan_image(settings: Settings, request: PlanArguments, choice: Choice, *, facts: Facts) -> PlannedImage:
    """Decides the image.

    Raises:
        SettingsError: ``bad-image``: the reference is none; ``bad-build``: a path of the build cannot be resolved.
        ImageError: ``agent-missing``: Berth's own image cannot have this agent; ``image-not-allowed``: a layer's
            ``allowedImages`` or ``allowCustomImages`` forbids it, wherever it was named.
    """
    wish = build_wish(settings, request, choice, places=Places(facts.workspace.path, facts.environment))
    built = facts.build
    if wish is None or built is None:
        return _unbuilt(settings, request, choice, facts)
    if built.is_overlay:
        base = _unbuilt(settings, request, choice, facts)
        return _built(_Build(wish, built, base.image), settings, request, facts)
    if not wish.is_named and choice.profile and choice.profile.image:
        return _unbuilt(settings, request, choice, facts)
    planned = _built(_Build(wish, built, None), settings, request, facts)
    return PlannedImage(planned.image, features_unused(settings.project))


@dataclass(frozen=True, slots=True)
class _Build:
    """What is built, what was found of it, and the image that an overlay lies on."""

    wish: BuildWish
    found: BuildFacts
    base: ImagePlan | None


def _built(build: _Build, settings: Settings, request: PlanArguments, facts: Facts) -> PlannedImage:
    wish = build.wish
    origin = Origin("workspace", wish.reason.place or str(wish.dockerfile))
    for base in build.found.bases:
        _check_allowed(Sourced(base, origin), settings)
    if not build.found.bases and not build.base:
        _check_allowed(Sourced("scratch", origin), settings)
    recipe = workspace_recipe(wish, build.found, facts, base=build.base)
    pull = settings.pull.value if settings.pull else "missing"
    return PlannedImage(ImagePlan(recipe.tag, recipe, request.build, wish.reason, base=build.base, pull=pull))


def _unbuilt(settings: Settings, request: PlanArguments, choice: Choice, facts: Facts) -> PlannedImage:
    """An image by name, what ``devcontainer.json`` says, or Berth's own."""
    project = settings.project
    if project is None or request.image or (choice.profile and choice.profile.image):
        planned = _by_name(settings, request, choice, facts)
        return PlannedImage(planned.image, (*planned.notes, *features_unused(project)))
    wish = devcontainer_wish(settings, request, choice, places=Places(facts.workspace.path, facts.environment))
    if wish is not None and facts.below is not None:
        if facts.below.is_overlay:
            message = f"{wish.dockerfile} ({wish.reason.place}) has no FROM."
            raise ImageError("bad-dockerfile", message, "A Dockerfile of devcontainer.json names its base by itself.")
        planned = _built(_Build(wish, facts.below, None), settings, request, facts)
    else:
        planned = _by_name(settings, request, choice, facts)
    return PlannedImage(with_features(planned.image, project.features, facts), planned.notes)


def _by_name(settings: Settings, request: PlanArguments, choice: Choice, facts: Facts) -> PlannedImage:
    """An image by name, or Berth's own."""
    named = _named(settings, request, choice)
    if named is None:
        return _own(request, choice, facts)
    if len(named.value) > 512 or not _REFERENCE.fullmatch(named.value):
        shown = "".join(c if c.isprintable() else "?" for c in named.value[:100])
        raise SettingsError(
            "bad-image",
            f"“{shown}” ({named.origin.place}) is not an image reference.",
            "Write it as in `docker pull`: name:tag, in lower case.",
        )
    _check_allowed(named, settings)
    notes = ("The image is not built by Berth, so there is nothing to force.",) if request.build == "force" else ()
    pull = settings.pull.value if settings.pull else "missing"
    return PlannedImage(ImagePlan(named.value, None, request.build, reason(named.origin), pull=pull), notes)


def _named(settings: Settings, request: PlanArguments, choice: Choice) -> Sourced[str] | None:
    if request.image:
        return Sourced(request.image, requested("image"))
    if choice.profile and choice.profile.image:
        return choice.profile.image
    return (settings.project.image if settings.project else None) or settings.default_image


def _check_allowed(named: Sourced[str], settings: Settings) -> None:
    for rule in settings.image_rules:
        if not rule.allows(named.value):
            place = f" ({rule.origin.place})" if rule.origin.place != rule.setting else ""
            raise ImageError(
                "image-not-allowed",
                f"The image “{named.value}” ({named.origin.place}) is not allowed by {rule.setting}{place}.",
                f"Allowed: {', '.join((*rule.patterns[:20], 'Berth’s own image'))}.",
            )


def _own(request: PlanArguments, choice: Choice, facts: Facts) -> PlannedImage:
    agent = choice.agent
    if agent.bundle is None and not choice.custom_command and agent.argv:
        raise ImageError(
            "agent-missing",
            f"Berth's own image does not have {agent.title}.",
            "Name an image that has it in berth.docker.defaultImage or in a profile.",
        )
    notes: tuple[str, ...] = ()
    if choice.custom_command:
        notes = (f"Berth's own image is used; whether it has {agent.argv[0]} shows at the start.",)
    recipe = own_recipe(agent.bundle or DEFAULT_BUNDLE, facts)
    return PlannedImage(ImagePlan(recipe.tag, recipe, request.build, built_in("no image was named")), notes)
