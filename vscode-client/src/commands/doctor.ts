import * as vscode from "vscode";
import type { Berth } from "../berth";
import { hasEngine, report, rows } from "../doctor/rows";

/**
 * Shows what is well on this machine and what is not, each with what to do. Whatever is picked copies it all.
 *
 * The first steps are told whether there is an engine.
 */
export async function doctor(berth: Berth): Promise<void> {
  const result = await berth.server.run("agent.doctor", {});
  berth.firstSteps.lookedForEngine(hasEngine(result));
  const picked = await vscode.window.showQuickPick(rows(result), {
    title: result.ok ? vscode.l10n.t("Doctor: all is well") : vscode.l10n.t("Doctor: something needs you"),
    placeHolder: vscode.l10n.t("Choose any line to copy the report"),
    matchOnDetail: true,
  });
  if (picked) {
    await vscode.env.clipboard.writeText(report(result));
  }
}
