import * as vscode from "vscode";
import type { Berth } from "../berth";
import { profileRows } from "../profiles/rows";

/** A picked profile; without a name, the server decides. */
export interface PickedProfile {
  name: string | undefined;
}

/** The profile for a session, asked where the settings have more than one. Undefined when a person thought better of it. */
export async function pickProfile(
  { server }: Berth,
  folder: vscode.WorkspaceFolder,
  fewest = 2,
): Promise<PickedProfile | undefined> {
  const { profiles } = await server.run("agent.profiles", { workspaceFolder: folder.uri.fsPath });
  if (profiles.length < fewest) {
    return { name: undefined };
  }
  return vscode.window.showQuickPick(profileRows(profiles), {
    placeHolder: vscode.l10n.t("Which profile?"),
    matchOnDetail: true,
  });
}
