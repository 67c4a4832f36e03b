import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isLive } from "../sessions/states";
import type { Target } from "./target";

/** Stops a session. Its container stays, and so does its transcript. */
export async function stop(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs here: there is nothing to stop.");
  const info = await pickSession(berth, target, { fits: isLive, refusal });
  if (info) {
    berth.sessions.put(await berth.server.run("agent.stop", { session: info.id }));
  }
}
