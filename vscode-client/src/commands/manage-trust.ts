import * as vscode from "vscode";
import type { Berth } from "../berth";
import { grantRows } from "../trust/rows";
import { confirm } from "./confirm";

/** Shows what workspaces were allowed, and takes back what a person chooses. */
export async function manageTrust(berth: Berth): Promise<void> {
  const { grants } = await berth.server.run("agent.trust", {});
  if (grants.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("No workspace was allowed anything: each is asked about when its settings want more."),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(grantRows(grants), {
    title: vscode.l10n.t("What You Allowed"),
    placeHolder: vscode.l10n.t("Choose what to take back; it is asked about again at the next start"),
    canPickMany: true,
    matchOnDetail: true,
  });
  if (chosen?.length && (await confirmRevoking(chosen.length))) {
    for (const { grant } of chosen) {
      await berth.server.run("agent.trust", { workspaceFolder: grant.workspaceFolder, revoke: grant.digest });
    }
  }
}

function confirmRevoking(count: number): Promise<boolean> {
  return confirm(
    count === 1 ? vscode.l10n.t("Take back what you allowed?") : vscode.l10n.t("Take back {0} permissions?", count),
    vscode.l10n.t("Sessions that run keep what they have until they are restarted."),
    vscode.l10n.t("Take Back"),
  );
}
