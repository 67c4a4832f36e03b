import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny, isEnded } from "../sessions/states";
import { confirm } from "./confirm";
import type { Target } from "./target";

/** Removes a session with its container and transcript, after a yes. */
export async function remove(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("There is no session to remove.");
  const info = await pickSession(berth, target, { fits: isAny, refusal });
  if (!info) {
    return;
  }
  const runs = !isEnded(info);
  const lost = vscode.l10n.t("Its container and its transcript are lost. What it wrote into the folder stays.");
  const detail = runs ? `${vscode.l10n.t("It still runs and is ended first.")} ${lost}` : lost;
  if (await confirm(vscode.l10n.t("Remove {0}?", info.name), detail, vscode.l10n.t("Remove"))) {
    await berth.server.run("agent.remove", { session: info.id, force: runs });
  }
}
