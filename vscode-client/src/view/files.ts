import { l10n } from "vscode";
import type { Activity } from "../activity/activity";
import type { SessionInfo } from "../generated/protocol";
import { oneLine } from "../text";
import { leaf, type Node } from "./node";

const WIDTH = 100;

/** What changed in the workspace since the session began; undefined when nothing did. */
export function changedFiles(info: SessionInfo, { files, more }: Activity): Node | undefined {
  if (files.length === 0) {
    return undefined;
  }
  const count = more === undefined ? l10n.t("{0} and more", files.length) : String(files.length + more);
  return {
    id: `files:${info.id}`,
    label: l10n.t("Changed Files"),
    description: count,
    icon: { name: "diff-multiple" },
    traits: "files",
    session: info.id,
    children: files.map((path) => file(info, path)),
    open: files.length <= 10,
  };
}

function file({ id, workspaceFolder }: SessionInfo, path: string): Node {
  const inside = path.startsWith(`${workspaceFolder}/`) ? path.slice(workspaceFolder.length + 1) : path;
  const at = inside.lastIndexOf("/");
  return leaf({
    id: `file:${id}:${path}`,
    label: oneLine(inside.slice(at + 1), WIDTH),
    ...(at > 0 && { description: oneLine(inside.slice(0, at), WIDTH) }),
    traits: "file",
    command: "berth.openChange",
    path,
  });
}
