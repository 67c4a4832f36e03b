import { l10n } from "vscode";
import { isRecord } from "../server/records";
import { sizeText } from "../size";
import { oneLine } from "../text";

const WIDTH = 140;

/** One thing that lies about, as a list shows it. */
export interface PruneRow {
  label: string;
  description: string;
  detail: string;
}

/** What was or would be removed, what stays although it looks like leftovers, and how many bytes go. */
export interface Pruned {
  removed: PruneRow[];
  kept: PruneRow[];
  size: number;
}

/** Reads what `agent.prune` answers. */
export function readPruned(answer: unknown): Pruned {
  const found = isRecord(answer) ? answer : {};
  return { removed: rows(found["removed"]), kept: rows(found["kept"]), size: Number(found["size"] ?? 0) };
}

function rows(items: unknown): PruneRow[] {
  return Array.isArray(items) ? items.filter(isRecord).map(row) : [];
}

function row(item: Record<string, unknown>): PruneRow {
  const { what, name, why, size } = item;
  return {
    label: oneLine(text(name) || l10n.t("unnamed"), WIDTH),
    description: [text(what), typeof size === "number" ? sizeText(size) : ""].filter(Boolean).join(" · "),
    detail: oneLine(text(why), WIDTH),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
