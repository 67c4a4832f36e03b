import * as vscode from "vscode";
import type { Berth } from "../berth";
import { profileRows } from "../profiles/rows";
import { offerTemplates } from "./edit-profiles";
import { pickFolder } from "./pick-folder";
import { isTrusted } from "./trusted";

/** Sets the profile of sessions that name none. */
export async function selectProfile(berth: Berth): Promise<void> {
  const folder = isTrusted() ? await pickFolder() : undefined;
  if (!folder) {
    return;
  }
  const workspaceFolder = folder.uri.fsPath;
  const known = await berth.server.run("agent.profiles", { workspaceFolder });
  if (known.profiles.length === 0) {
    await offerTemplates();
    return;
  }
  const none = { label: vscode.l10n.t("None"), detail: vscode.l10n.t("Takes the setting out"), name: null };
  const rows = [...profileRows(known.profiles), ...(known.default ? [none] : [])];
  const placeHolder = vscode.l10n.t("Which profile do sessions get that name none?");
  const picked = await vscode.window.showQuickPick<{ label: string; name: string | null }>(rows, { placeHolder });
  if (picked && picked.name !== (known.default ?? null)) {
    const { unsaved } = await berth.server.run("agent.setDefaultProfile", { workspaceFolder, name: picked.name });
    void vscode.window.showInformationMessage(told(picked.name, unsaved));
  }
}

function told(name: string | null, unsaved: boolean): string {
  const done = name
    ? vscode.l10n.t("{0} is the default profile from the next start on.", name)
    : vscode.l10n.t("There is no default profile any more.");
  return unsaved ? `${done} ${vscode.l10n.t("Save the settings file to have it count.")}` : done;
}
