import type { WritebackFinding, WritebackFound } from "../generated/protocol";

/** Findings kept of each session, the latest; the server tells 50 at once at most. */
const KEPT = 200;

/** What an agent wrote that could run on this machine by itself, as the server found it, until somebody has looked. */
export class Findings {
  private readonly open = new Map<string, WritebackFinding>();
  private incomplete = false;

  /** `lookedAt` is the number of the event up to which somebody has looked at what was found. */
  constructor(private lookedAt: number) {}

  /** What nobody has looked at, the gravest first, of these the latest. */
  get all(): WritebackFinding[] {
    const latest = [...this.open.values()].reverse();
    return [...latest.filter(isGrave), ...latest.filter((finding) => !isGrave(finding))];
  }

  /** Whether not everything could be looked at or is kept. */
  get truncated(): boolean {
    return this.incomplete;
  }

  /** Takes what was found. Answers whether there is something to look at by it. */
  take(seq: number, { findings, truncated }: WritebackFound): boolean {
    if (seq <= this.lookedAt) {
      return false;
    }
    for (const finding of findings) {
      const key = keyOf(finding);
      this.open.delete(key); // the latest change counts for the order
      this.open.set(key, finding);
    }
    const surplus = [...this.open.keys()].slice(0, Math.max(0, this.open.size - KEPT));
    for (const key of surplus) {
      this.open.delete(key);
    }
    this.incomplete ||= truncated || surplus.length > 0;
    return true;
  }

  /** Somebody has looked at all that was found up to an event. */
  settle(seq: number): void {
    this.lookedAt = seq;
    this.open.clear();
    this.incomplete = false;
  }
}

/** Whether git, an editor or a shell obeys it by itself; the rest is loaded by linters, installers and the like. */
export function isGrave({ severity }: WritebackFinding): boolean {
  return severity === "warning";
}

/** The same for the same finding. */
export function keyOf({ path, what }: WritebackFinding): string {
  return JSON.stringify([path, what]);
}
