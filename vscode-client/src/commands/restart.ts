import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";
import { confirmEndingTurn } from "./confirm";
import type { Target } from "./target";
import { isTrusted } from "./trusted";

/** Starts a session's agent anew in its container; the conversation goes on where the agent can. */
export async function restart(berth: Berth, target: Target): Promise<void> {
  if (!isTrusted()) {
    return;
  }
  const refusal = vscode.l10n.t("There is no session to restart. Start one first.");
  const info = await pickSession(berth, target, { fits: isAny, refusal });
  if (info && (await confirmEndingTurn(info, vscode.l10n.t("Restart")))) {
    berth.sessions.put(await berth.server.run("agent.restart", { session: info.id }));
  }
}
