"""A plan for people: every decision with its layer, its place and why, and never a variable's value."""

from collections.abc import Iterator

from berth.planning.explain_host import host_lines, host_warning
from berth.planning.host_plan import AnyPlan
from berth.planning.plan import ContainerPlan, ImagePlan, Mount, Reason
from berth.planning.reasons import built_in
from berth.protocol.commands import PlanLine, PlanResult
from berth.settings.quantities import shown_duration, shown_size

_LIMIT = built_in("as no limit was set")
_HARDENING = built_in("always")


def explain(plan: AnyPlan) -> PlanResult:
    """Explains a plan. What it says can be shown to anybody: of variables only the names are in it."""
    lines = tuple(_lines(plan))
    result = PlanResult(
        workspace_folder=str(plan.workspace),
        agent=plan.agent.name,
        mode=plan.mode,
        image=plan.image.reference if plan.mode == "container" else None,
        lines=lines,
        notes=(host_warning(plan), *plan.notes) if plan.mode == "host" else plan.notes,
    )
    return result.model_copy(update={"markdown": _markdown(plan.workspace.name, result)})


def _lines(plan: AnyPlan) -> Iterator[PlanLine]:
    agent = plan.agent
    yield _line("profile", plan.profile or "none", plan.profile_reason)
    yield _line("agent", f"{agent.title}, {agent.dialect}", agent.reason)
    yield _line("mode", plan.mode, plan.mode_reason)
    yield _line("command", " ".join(agent.argv), agent.reason)
    if plan.mode == "host":
        yield from host_lines(plan)
    else:
        yield from _image(plan.image)
        yield from _container(plan.container)
    for variable in agent.environment:
        yield _line(f"env {variable.name}", "set" if variable.value else "set, empty", variable.reason)


def _image(image: ImagePlan) -> Iterator[PlanLine]:
    yield _line("image", image.reference, image.reason)
    if image.recipe is None:
        return
    arguments = ", ".join(f"{name}={value}" for name, value in sorted(image.recipe.arguments.items()))
    built = {"auto": "when it is missing", "force": "always", "never": "never"}[image.policy]
    yield _line("image build", f"{image.recipe.context} ({arguments})", built_in(f"built {built}"))


def _container(container: ContainerPlan) -> Iterator[PlanLine]:
    user = container.user
    mapping = f", {user.userns}" if user.userns else ""
    yield _line("user", f"{user.name} ({user.uid}:{user.gid}{mapping})", user.reason)
    workdir = container.reason_of("workdir") or built_in("the workspace")
    yield _line("working folder", container.workdir, workdir)
    for mount in container.mounts:
        yield _line(f"mount {mount.target}", _mount(mount), mount.reason)
    for tmpfs in container.tmpfs:
        size = shown_size(tmpfs.size) if tmpfs.size else "no limit of its own"
        asked = container.reason_of("tmpfs") or container.reason_of("mount") if tmpfs.options is not None else None
        yield _line(f"tmpfs {tmpfs.target}", size, asked or built_in("scratch space in memory"))
    yield from _limits(container)
    for name, address in sorted(container.extra_hosts.items()):
        asked = container.reason_of("add-host") if address != "host-gateway" else None
        yield _line(f"host {name}", address, asked or built_in("so that services of this machine can be reached"))
    added = container.options.privileges.cap_add
    yield _line("capabilities", ", ".join(added) or "none", container.reason_of("cap-add") or _HARDENING)
    yield _line("security options", ", ".join(container.security_options), _HARDENING)
    for flag in container.asked:
        yield _line(f"docker --{flag.name}", flag.shown, flag.reason)


def _limits(container: ContainerPlan) -> Iterator[PlanLine]:
    limits, reasons = container.limits, container.limit_reasons
    shown = {
        "memory": ("memory", shown_size(limits.memory)),
        "cpus": ("cpus", f"{limits.cpus:g}"),
        "pids": ("processes", str(limits.pids)),
        "shm": ("shared memory", shown_size(limits.shm)),
        "gpus": ("graphics cards", _shown_flag(container, "gpus") or str(limits.gpus or "none")),
        "time": ("time limit", shown_duration(limits.time) if limits.time else "none"),
    }
    for field, (what, value) in shown.items():
        yield _line(what, value, reasons.get(field, _LIMIT))


def _shown_flag(container: ContainerPlan, name: str) -> str:
    return next((flag.shown for flag in reversed(container.asked) if flag.name == name), "")


def _line(what: str, value: str, reason: Reason) -> PlanLine:
    return PlanLine(what=what, value=value, layer=reason.layer, place=reason.place, why=reason.why)


def _mount(mount: Mount) -> str:
    kind = "volume " if mount.type == "volume" else ""
    return f"{kind}{mount.source}, {'read-only' if mount.read_only else 'read and write'}"


def _markdown(workspace: str, plan: PlanResult) -> str:
    rows = [f"| {_cell(line.what)} | {_cell(line.value)} | {_cell(_source(line))} |" for line in plan.lines]
    notes = ["", *(f"- {_cell(note)}" for note in plan.notes)] if plan.notes else []
    head = [
        f"# Plan for {_cell(workspace)}",
        "",
        "Nothing was started. Values of variables are not shown.",
        "",
    ]
    return "\n".join([*head, "| what | value | from |", "|---|---|---|", *rows, *notes]) + "\n"


def _source(line: PlanLine) -> str:
    place = f" {line.place}" if line.place else ""
    return f"{line.layer}{place}" + (f": {line.why}" if line.why else "")


def _cell(text: str) -> str:
    """Text of people and repositories, made harmless in a Markdown table."""
    printable = "".join(c if c.isprintable() else "?" for c in text)
    for character in "\\`*_[]<>|":
        printable = printable.replace(character, "\\" + character if character != "<" else "&lt;")
    return printable
