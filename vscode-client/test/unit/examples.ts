import type { ImageProgress, InputRequest, Option, OptionKind, SessionInfo } from "../../src/generated/protocol";

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
