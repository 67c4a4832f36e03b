import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { PruneResult } from "../generated/protocol";
import { pruneRows } from "../prune/rows";
import { sizeText } from "../size";
import { confirm } from "./confirm";

/** Shows what sessions of the past have left on this machine, and removes it after a yes. */
export async function prune({ server }: Berth): Promise<void> {
  const found = await server.run("agent.prune", { dryRun: true });
  if (found.removed.length === 0 && found.kept.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is nothing to clean up."));
    return;
  }
  const all = { label: vscode.l10n.t("$(trash) Remove All of This"), description: sizeText(found.size) };
  const picked = await vscode.window.showQuickPick(items(found, all), {
    title: vscode.l10n.t("Left behind by sessions of the past: {0}", found.removed.length),
    matchOnDescription: true,
  });
  if (picked === all && (await confirmed(found))) {
    const { removed, size } = await server.run("agent.prune", { dryRun: false });
    void vscode.window.showInformationMessage(vscode.l10n.t("Removed: {0}, {1}.", removed.length, sizeText(size)));
  }
}

function items({ removed, kept }: PruneResult, all: vscode.QuickPickItem): vscode.QuickPickItem[] {
  const stays = { label: vscode.l10n.t("Stays"), kind: vscode.QuickPickItemKind.Separator };
  return [
    ...(removed.length > 0 ? [all, ...pruneRows(removed)] : []),
    ...(kept.length > 0 ? [stays, ...pruneRows(kept)] : []),
  ];
}

function confirmed({ removed, size }: PruneResult): Promise<boolean> {
  const question = vscode.l10n.t("Remove {0} things, {1}?", removed.length, sizeText(size));
  const detail = vscode.l10n.t("Your folders stay as they are, and so do logins and conversations that could go on.");
  return confirm(question, detail, vscode.l10n.t("Remove"));
}
