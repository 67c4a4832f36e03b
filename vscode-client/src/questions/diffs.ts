import type { DiffContent } from "../generated/protocol";
import type { Tool } from "./details";

/** What a tool call would make of a file. */
export interface FileDiff {
  /** As people name it: relative to the folder where it is in it. */
  name: string;
  before: string;
  after: string;
}

/** What a tool call would change, file by file; none where it changes nothing or is not known. */
export function diffsOf(tool: Tool | undefined, folder: string): FileDiff[] {
  const diffs = tool?.content.filter((content): content is DiffContent => content.type === "diff") ?? [];
  return diffs.map(({ path, old, new: after }) => ({
    name: path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
    before: old ?? "",
    after,
  }));
}
