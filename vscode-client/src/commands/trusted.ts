import * as vscode from "vscode";

/** Whether the folder is trusted. Where it is not, says what that means and offers to change it. */
export function isTrusted(): boolean {
  if (!vscode.workspace.isTrusted) {
    void offerTrust();
  }
  return vscode.workspace.isTrusted;
}

async function offerTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Trust");
  const message = vscode.l10n.t(
    "Agents are started in trusted folders only: this one decides what the container gets.",
  );
  if ((await vscode.window.showInformationMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}
