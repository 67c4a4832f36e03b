import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isBusy } from "../sessions/states";
import type { Target } from "./target";

/** Ends the running turn. The session stays. */
export async function cancel(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent is busy: there is nothing to cancel.");
  const info = await pickSession(berth, target, { fits: isBusy, refusal });
  if (info) {
    await berth.server.run("agent.cancel", { session: info.id });
  }
}
