import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { Target } from "../commands/target";
import type { SessionInfo } from "../generated/protocol";
import { stateText } from "../status/look";
import { foremost } from "./states";

/** What a session must be for a command, and what to say where none is. */
export interface Wanted {
  fits: (info: SessionInfo) => boolean;
  refusal: string;
}

/**
 * The session a command is for: the one it was called for, else the only one that fits, else the one a person picks, the
 * foremost offered first.
 *
 * Where none fits, says why and answers undefined.
 */
export async function pickSession(
  { sessions }: Berth,
  target: Target,
  { fits, refusal }: Wanted,
): Promise<SessionInfo | undefined> {
  const fitting = sessions.all().filter((info) => fits(info) && (!target.session || info.id === target.session));
  const first = foremost(fitting);
  if (first === undefined) {
    void vscode.window.showInformationMessage(refusal);
    return undefined;
  }
  if (fitting.length === 1) {
    return first;
  }
  const items = [first, ...fitting.filter((info) => info !== first)].map((info) => ({
    label: info.name,
    description: stateText(info, sessions.step(info.id)),
    detail: info.turn?.prompt ?? info.workspaceFolder,
    info,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which session?") });
  return picked?.info;
}
