import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isBusy } from "../sessions/states";

/** Ends the running turn. The session stays. */
export async function cancel(berth: Berth): Promise<void> {
  const info = await pickSession(berth, isBusy, vscode.l10n.t("No agent is busy: there is nothing to cancel."));
  if (info) {
    await berth.server.run("agent.cancel", { session: info.id });
  }
}
