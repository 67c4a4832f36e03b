import { l10n } from "vscode";
import { isRecord } from "../server/records";
import { oneLine } from "../text";

const WIDTH = 140;

/** One thing that would be removed, as a list shows it. */
export interface PruneRow {
  label: string;
  description: string;
  detail: string;
}

/** What a dry run found: everything in any list of the answer. Which lists there are is the server's affair. */
export function pruneRows(answer: unknown): PruneRow[] {
  const lists = isRecord(answer) ? Object.values(answer) : [];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord).map(row) : []));
}

/** How much room all of it takes, in bytes; undefined where the answer does not say. */
export function pruneBytes(answer: unknown): number | undefined {
  return isRecord(answer) ? numberIn(answer, "bytes") : undefined;
}

/** Bytes for people. */
export function sizeText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

function row(found: Record<string, unknown>): PruneRow {
  const bytes = numberIn(found, "bytes");
  const kind = textIn(found, "kind");
  return {
    label: oneLine(textIn(found, "name") || textIn(found, "id") || l10n.t("unnamed"), WIDTH),
    description: [kind, bytes === undefined ? "" : sizeText(bytes)].filter(Boolean).join(" · "),
    detail: oneLine(textIn(found, "why"), WIDTH),
  };
}

function textIn(found: Record<string, unknown>, key: string): string {
  const value = found[key];
  return typeof value === "string" ? value : "";
}

function numberIn(found: Record<string, unknown>, key: string): number | undefined {
  const value = found[key];
  return typeof value === "number" ? value : undefined;
}
