import { basename } from "node:path";
import { l10n } from "vscode";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { withinFolder } from "./places";

/** What a notification says: all that is asked for, as short as it can be told. */
export function briefTitle(info: SessionInfo, { purpose, title }: InputRequest): string {
  const byPurpose: Partial<Record<InputRequest["purpose"], string>> = {
    trust: withinFolder(title, info.workspaceFolder),
    ceiling: l10n.t("{0}: {1}", info.name, title),
  };
  return byPurpose[purpose] ?? l10n.t("{0} asks: {1}", info.name, title);
}

/** What stands above the details. */
export function fullTitle({ workspaceFolder }: SessionInfo, { purpose, title }: InputRequest): string {
  return purpose === "trust" ? l10n.t("Allow what the settings of {0} ask for?", basename(workspaceFolder)) : title;
}
