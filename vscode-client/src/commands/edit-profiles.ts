import * as vscode from "vscode";
import type { Berth } from "../berth";
import { openProfile } from "../profiles/open";
import { profileRows } from "../profiles/rows";
import { pickFolder } from "./pick-folder";

/** Opens the settings at a profile. */
export async function editProfiles({ server }: Berth): Promise<void> {
  const folder = await pickFolder();
  if (!folder) {
    return;
  }
  const { profiles } = await server.run("agent.profiles", { workspaceFolder: folder.uri.fsPath });
  if (profiles.length === 0) {
    await offerTemplates();
    return;
  }
  const placeHolder = vscode.l10n.t("Which profile is to be edited?");
  const picked = await vscode.window.showQuickPick(profileRows(profiles), { placeHolder, matchOnDetail: true });
  if (picked) {
    await openProfile(picked.profile);
  }
}

/** Says that there is no profile, and what to do about it. */
export async function offerTemplates(): Promise<void> {
  const add = vscode.l10n.t("Add from Template…");
  const message = vscode.l10n.t("There is no profile yet. A profile names an image, mounts and variables once.");
  if ((await vscode.window.showInformationMessage(message, add)) === add) {
    await vscode.commands.executeCommand("berth.addProfile");
  }
}
