import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isTalking } from "../sessions/states";
import type { Target } from "./target";

/** Opens a shell where the agent runs, in a terminal. */
export async function openShell(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t(
    "No agent runs here, so there is nothing to open a shell in. Start or restart one first.",
  );
  const info = await pickSession(berth, target, { fits: isTalking, refusal });
  if (!info) {
    return;
  }
  berth.shells.open(info, (await berth.server.run("agent.shell", { session: info.id })).argv);
}
