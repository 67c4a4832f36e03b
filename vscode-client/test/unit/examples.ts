import type {
  EventBody,
  ImageProgress,
  InputRequest,
  Option,
  OptionKind,
  ProfileInfo,
  SessionEvent,
  SessionInfo,
  ToolStarted,
} from "../../src/generated/protocol";

/** A session that is idle, changed as a test wants it. */
export function session(changes: Partial<SessionInfo> = {}): SessionInfo {
  return {
    id: "s1",
    name: "demo",
    workspaceFolder: "/demo",
    agent: "claude",
    mode: "container",
    state: "idle",
    startedAt: 1000,
    queued: 0,
    inputNeeded: [],
    options: [],
    outdated: false,
    seq: 1,
    ...changes,
  };
}

/** A question with one option of each kind given. */
export function question(...kinds: OptionKind[]): InputRequest {
  const options: Option[] = kinds.map((kind, index) => ({ id: `o${index}`, name: `Agent's ${kind}`, kind }));
  return { request: "r1", purpose: "permission", title: "Write hello.txt", detail: "", options };
}

/** A step of a build. */
export function imageStep(current: number, total: number): ImageProgress {
  return { kind: "image.progress", step: "RUN apt-get install", current, total, cached: false };
}

/** An event with its number. */
export function event(seq: number, body: EventBody): SessionEvent {
  return { seq, at: 1_750_000_000_000 + seq, ...body };
}

/** A tool call that begins. */
export function toolStarted(tool: string, changes: Partial<ToolStarted> = {}): ToolStarted {
  return {
    kind: "tool.started",
    tool,
    title: `Write ${tool}`,
    family: "edit",
    status: "running",
    locations: [],
    content: [],
    ...changes,
  };
}

/** A profile that can be used. */
export function profile(name: string, changes: Partial<ProfileInfo> = {}): ProfileInfo {
  return {
    name,
    layer: "workspace",
    place: "/demo/.vscode/settings.json:3",
    inherits: [],
    isDefault: false,
    summary: "node:22",
    ...changes,
  };
}
