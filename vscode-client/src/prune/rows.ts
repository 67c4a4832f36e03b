import type { PrunedItem } from "../generated/protocol";
import { sizeText } from "../size";
import { oneLine } from "../text";

const WIDTH = 140;

/** One thing that lies about, as a list shows it. */
export interface PruneRow {
  label: string;
  description: string;
  detail: string;
}

/** What goes or stays, each with its reason. */
export function pruneRows(items: readonly PrunedItem[]): PruneRow[] {
  return items.map(({ what, name, why, size }) => ({
    label: oneLine(name, WIDTH),
    description: [what, size == null ? "" : sizeText(size)].filter(Boolean).join(" · "),
    detail: oneLine(why, WIDTH),
  }));
}
