import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";
import { showTranscript as show } from "../transcript/show";
import type { Target } from "./target";

/** Opens what was said in a session. */
export async function showTranscript(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("There is no session here yet. Start one first.");
  const info = await pickSession(berth, target, { fits: isAny, refusal });
  if (info) {
    await show(info);
  }
}
