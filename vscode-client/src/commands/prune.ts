import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pruneBytes, pruneRows, sizeText } from "../prune/rows";
import { ask } from "../server/ask";
import { confirm } from "./confirm";

/** What the command is called at the server; one that is older does not have it. */
export const PRUNE = "agent.prune";

/** Shows what sessions of the past have left on this machine, and removes it after a yes. */
export async function prune({ server }: Berth): Promise<void> {
  const found = await ask(server, PRUNE, { dryRun: true });
  const rows = pruneRows(found);
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is nothing to clean up."));
    return;
  }
  const bytes = pruneBytes(found);
  const all = {
    label: vscode.l10n.t("$(trash) Remove All of This"),
    description: bytes === undefined ? "" : sizeText(bytes),
    alwaysShow: true,
  };
  const picked = await vscode.window.showQuickPick([all, ...rows], {
    title: vscode.l10n.t("Left behind by sessions of the past: {0}", rows.length),
    matchOnDescription: true,
  });
  if (picked === all && (await confirmed(rows.length))) {
    const removed = pruneRows(await ask(server, PRUNE, { dryRun: false }));
    void vscode.window.showInformationMessage(vscode.l10n.t("Removed: {0}.", removed.length));
  }
}

function confirmed(count: number): Promise<boolean> {
  const question = vscode.l10n.t("Remove what sessions of the past have left behind: {0}?", count);
  const detail = vscode.l10n.t("Folders of yours stay as they are, and so does what holds work that was not saved.");
  return confirm(question, detail, vscode.l10n.t("Remove"));
}
