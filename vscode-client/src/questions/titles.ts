import { basename } from "node:path";
import { l10n } from "vscode";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { withinFolder } from "./places";

/** What a notification says: all that is asked for, as short as it can be told. */
export function briefTitle(info: SessionInfo, { purpose, title }: InputRequest): string {
  return purpose === "trust" ? withinFolder(title, info.workspaceFolder) : l10n.t("{0} asks: {1}", info.name, title);
}

/** What stands above the details. */
export function fullTitle({ workspaceFolder }: SessionInfo, { purpose, title }: InputRequest): string {
  return purpose === "trust" ? l10n.t("Allow what the settings of {0} ask for?", basename(workspaceFolder)) : title;
}
