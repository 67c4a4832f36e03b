import { l10n } from "vscode";
import { isRecord } from "../server/records";
import { sizeText } from "../size";

/** What a session uses at one moment, as `agent/stats` tells it. What the engine does not tell is absent. */
export interface SessionStats {
  session: string;
  /** In percent of one core. */
  cpu?: number;
  /** Bytes. */
  memory?: number;
  memoryLimit?: number;
  /** Processes and threads. */
  pids?: number;
}

const NUMBERS = ["cpu", "memory", "memoryLimit", "pids"] as const;

/** Reads what a server tells; undefined where it names no session. */
export function readStats(told: unknown): SessionStats | undefined {
  if (!isRecord(told) || typeof told["session"] !== "string") {
    return undefined;
  }
  const stats: SessionStats = { session: told["session"] };
  for (const key of NUMBERS) {
    const value = told[key];
    if (typeof value === "number" && Number.isFinite(value)) {
      stats[key] = value;
    }
  }
  return stats;
}

/** What a session uses, as a short line; empty when nothing is known. */
export function statsText({ cpu, memory, memoryLimit, pids }: SessionStats): string {
  return [
    cpu === undefined ? "" : l10n.t("{0} % CPU", Math.round(cpu)),
    memoryText(memory, memoryLimit),
    pids === undefined ? "" : l10n.t("{0} processes", pids),
  ]
    .filter(Boolean)
    .join(" · ");
}

function memoryText(memory: number | undefined, limit: number | undefined): string {
  if (memory === undefined) {
    return "";
  }
  return limit === undefined ? sizeText(memory) : l10n.t("{0} of {1}", sizeText(memory), sizeText(limit));
}
