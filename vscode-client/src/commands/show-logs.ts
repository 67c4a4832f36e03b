import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";
import type { Target } from "./target";

/** Shows what happened to a session; without any session, what the server says. */
export async function showLogs(berth: Berth, target: Target): Promise<void> {
  if (berth.sessions.all().length === 0) {
    berth.server.showLog();
    return;
  }
  const refusal = vscode.l10n.t("There is no session here yet. Start one first.");
  const info = await pickSession(berth, target, { fits: isAny, refusal });
  if (info) {
    await berth.logs.show(info);
  }
}
