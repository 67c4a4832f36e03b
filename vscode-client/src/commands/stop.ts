import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isLive } from "../sessions/states";

/** Stops a session. Its container stays, and so does its transcript. */
export async function stop(berth: Berth): Promise<void> {
  const info = await pickSession(berth, isLive, vscode.l10n.t("No agent runs here: there is nothing to stop."));
  if (info) {
    berth.sessions.put(await berth.server.run("agent.stop", { session: info.id }));
  }
}
