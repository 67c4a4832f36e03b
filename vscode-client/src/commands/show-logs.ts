import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";

/** Shows what happened to a session; without any session, what the server says. */
export async function showLogs(berth: Berth): Promise<void> {
  if (berth.sessions.all().length === 0) {
    berth.server.showLog();
    return;
  }
  const info = await pickSession(berth, isAny, vscode.l10n.t("There is no session here yet. Start one first."));
  if (info) {
    await berth.logs.show(info);
  }
}
