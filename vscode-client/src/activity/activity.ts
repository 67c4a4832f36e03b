import type { SessionEvent } from "../generated/protocol";
import type { Tool } from "../questions/details";
import { Findings } from "./findings";

/** Paths kept of each session; who changes more has them counted. */
const FILES = 200;

/** What goes on in one session, as its events tell. */
export class Activity {
  /** Number of the newest event that was taken. */
  heard = 0;
  /** How many paths changed that are not among `files`; undefined when nobody knows how many. */
  more: number | undefined = 0;

  readonly findings: Findings;

  private readonly open = new Map<string, Tool>();
  private readonly changed = new Set<string>();

  /** `lookedAt` is the number of the event up to which somebody has looked at what was found. */
  constructor(lookedAt = 0) {
    this.findings = new Findings(lookedAt);
  }

  /** The tool calls that are going on, oldest first. */
  get tools(): Tool[] {
    return [...this.open.values()];
  }

  /** Paths that changed in the workspace, the latest first. */
  get files(): string[] {
    return [...this.changed].reverse();
  }

  /** A tool call as last told; undefined when it is over or was never told. */
  tool(id: string | null | undefined): Tool | undefined {
    return id == null ? undefined : this.open.get(id);
  }

  /** Takes an event, once. Answers whether anything here changed by it. */
  take(event: SessionEvent): boolean {
    if (event.seq <= this.heard) {
      return false;
    }
    this.heard = event.seq;
    switch (event.kind) {
      case "tool.started":
      case "tool.updated":
        this.open.set(event.tool, event);
        return true;
      case "tool.ended":
        return this.open.delete(event.tool);
      case "turn.ended":
      case "session.state":
        return this.settle(event.kind === "turn.ended" || event.to === "stopped" || event.to === "failed");
      case "files.changed":
        this.addFiles(event.paths, event.truncated);
        return true;
      case "writeback.found":
        return this.findings.take(event.seq, event);
      default:
        return false;
    }
  }

  /** What was not told to have ended ends with its turn and with the agent. */
  private settle(over: boolean): boolean {
    if (!over || this.open.size === 0) {
      return false;
    }
    this.open.clear();
    return true;
  }

  private addFiles(paths: readonly string[], truncated: boolean): void {
    for (const path of paths) {
      this.changed.delete(path); // the latest change counts for the order
      this.changed.add(path);
    }
    const surplus = [...this.changed].slice(0, Math.max(0, this.changed.size - FILES));
    for (const path of surplus) {
      this.changed.delete(path);
    }
    this.more = truncated || this.more === undefined ? undefined : this.more + surplus.length;
  }
}
