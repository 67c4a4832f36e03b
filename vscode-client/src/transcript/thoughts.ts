import { l10n } from "vscode";

/** The line with which the server begins what an agent thinks; all of it is quoted. */
const BEGIN = "> *Thinking*";

/** A transcript with each thought as one line that says how long it is. */
export function foldThoughts(text: string): string {
  const folded: string[] = [];
  let thought: string[] | undefined;
  for (const line of text.split("\n")) {
    if (line === BEGIN) {
      folded.push(...closed(thought));
      thought = [];
    } else if (thought && line.startsWith(">")) {
      thought.push(line);
    } else {
      folded.push(...closed(thought), line);
      thought = undefined;
    }
  }
  return [...folded, ...closed(thought)].join("\n");
}

function closed(thought: readonly string[] | undefined): string[] {
  if (thought === undefined) {
    return [];
  }
  const lines = thought.filter((line) => line.replace(/^>\s*/, "") !== "").length;
  return [`> *${lines === 1 ? l10n.t("Thought, 1 line") : l10n.t("Thought, {0} lines", lines)}*`];
}
