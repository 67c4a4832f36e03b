import { l10n } from "vscode";
import type { SessionStats } from "../generated/protocol";
import { sizeText } from "../size";

/** What a session uses, as a short line of what the engine tells; empty when that is nothing. */
export function statsText({ cpu, memory, memoryLimit, pids }: SessionStats): string {
  return [
    cpu == null ? "" : l10n.t("{0} % CPU", Math.round(cpu)),
    memory == null ? "" : memoryText(memory, memoryLimit),
    pids == null ? "" : l10n.t("{0} processes", pids),
  ]
    .filter(Boolean)
    .join(" · ");
}

function memoryText(memory: number, limit: number | null | undefined): string {
  return limit == null ? sizeText(memory) : l10n.t("{0} of {1}", sizeText(memory), sizeText(limit));
}
