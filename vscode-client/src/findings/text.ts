import { l10n } from "vscode";
import type { SessionInfo, WritebackFinding } from "../generated/protocol";
import { oneLine } from "../text";

/** Paths that a notification has room for. */
const NAMED = 3;
const WIDTH = 60;

/** What a notification says of new findings: an agent chose their names. */
export function warningText({ name, workspaceFolder }: SessionInfo, findings: readonly WritebackFinding[]): string {
  const paths = [...new Set(findings.map(({ path }) => oneLine(within(path, workspaceFolder), WIDTH)))];
  const named = paths.slice(0, NAMED).join(", ");
  const what = paths.length > NAMED ? l10n.t("{0} and {1} more", named, paths.length - NAMED) : named;
  return l10n.t(
    "{0}: what changed in the folder can run on this machine by itself: {1}. Look at it before you use Git, a shell or another editor there.",
    name,
    what,
  );
}

/** A path as people name it: from the folder on where it is in it. */
export function within(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}
