"""What ``agent.profiles`` answers, from the layers of settings. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from berth.protocol.profiles import ProfileInfo, ProfilesResult, TemplateInfo
from berth.settings.layers import Layer
from berth.settings.problems import BadSettings
from berth.settings.resolve import resolve_settings
from berth.settings.settings import Profile, Settings
from berth.settings.templates import TEMPLATES
from berth.settings.written_profiles import WrittenProfile, without_profiles, written_profiles


def list_profiles(layers: Sequence[Layer]) -> ProfilesResult:
    """All profiles. One that cannot be used says why, and hides none of the others.

    Raises:
        BadSettings: Something other than a profile is wrong with the settings.
    """
    written = written_profiles(layers)
    bad = {name: problem for name, parts in written.items() if (problem := _problem(parts))}
    settings = resolve_settings([without_profiles(layer, bad.keys()) for layer in layers])
    default = settings.default_profile.value if settings.default_profile else None
    return ProfilesResult(
        default=default,
        profiles=tuple(
            _info(parts[-1], settings, bad).model_copy(update={"is_default": name == default})
            for name, parts in written.items()
        ),
        templates=tuple(
            TemplateInfo(name=one.name, title=one.title, description=one.description, scope=one.scope)
            for one in TEMPLATES.values()
        ),
    )


def _problem(parts: Sequence[WrittenProfile]) -> str:
    """What is wrong with a profile by itself, as one sentence; empty when nothing is."""
    problems = [str(problem) for part in parts for problem in part.problems()]
    return f"{'; '.join(problems)}." if problems else ""


def _info(highest: WrittenProfile, settings: Settings, bad: Mapping[str, str]) -> ProfileInfo:
    origin = highest.origin
    info = ProfileInfo(name=highest.name, layer=origin.layer, place=origin.place)
    problem = bad.get(highest.name, "")
    try:
        profile = None if problem else settings.profiles[highest.name]
    except BadSettings as error:
        profile, problem = None, error.message
    if profile is None:
        return info.model_copy(update={"problem": problem, "summary": "cannot be used"})
    broken = next((parent for parent in reversed(profile.inherits) if parent in bad), None)
    return info.model_copy(
        update={
            "inherits": profile.inherits,
            "agent": profile.agent.value if profile.agent else None,
            "image": profile.image.value if profile.image else None,
            "problem": f"It extends “{broken}”, which cannot be used: {bad[broken]}" if broken else None,
            "summary": "cannot be used" if broken else ", ".join(_summary(profile, highest)),
        }
    )


def _summary(profile: Profile, highest: WrittenProfile) -> Iterator[str]:
    yield profile.image.value if profile.image else "Berth’s own image"
    if profile.agent:
        yield f"agent {profile.agent.value}"
    if profile.volumes:
        yield f"{len(profile.volumes)} mount{'s' if len(profile.volumes) > 1 else ''}"
    if profile.resources.gpus:
        yield "graphics cards"
    if highest.parents:
        yield f"extends {', '.join(highest.parents)}"
