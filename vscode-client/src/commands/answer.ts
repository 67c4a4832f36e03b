import * as vscode from "vscode";
import type { Berth } from "../berth";
import { ask } from "../questions/dialog";
import { pickSession } from "../sessions/pick";
import { isWaiting } from "../sessions/states";

/** Asks the oldest open question of a session again. */
export async function answer(berth: Berth): Promise<void> {
  const info = await pickSession(berth, isWaiting, vscode.l10n.t("No agent is waiting for you."));
  const request = info?.inputNeeded[0];
  if (info && request) {
    await ask(berth, info, request);
  }
}
