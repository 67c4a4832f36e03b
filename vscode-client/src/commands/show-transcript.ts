import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";
import { showTranscript as show } from "../transcript/show";

/** Opens what was said in a session. */
export async function showTranscript(berth: Berth): Promise<void> {
  const info = await pickSession(berth, isAny, vscode.l10n.t("There is no session here yet. Start one first."));
  if (info) {
    await show(info);
  }
}
