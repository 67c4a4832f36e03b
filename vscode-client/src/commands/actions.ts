import * as vscode from "vscode";
import type { Berth } from "../berth";
import { foremost } from "../sessions/states";
import { actionsFor } from "../status/actions";

/** Offers what can be done now: what a click on the status item does. */
export async function actions(berth: Berth): Promise<void> {
  const info = foremost(berth.sessions.all());
  const offered = actionsFor(berth.server.state, info);
  const title = info ? info.name : vscode.l10n.t("Agent");
  const picked = await vscode.window.showQuickPick(offered, { title, placeHolder: info?.activity ?? "" });
  if (picked) {
    await vscode.commands.executeCommand(picked.command, info && { session: info.id });
  }
}
