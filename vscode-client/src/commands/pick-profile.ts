import * as vscode from "vscode";

/** A picked profile; without a name, the server decides. */
export interface PickedProfile {
  name: string | undefined;
}

/** The profile for a session, asked where the settings have more than one. Undefined when a person thought better of it. */
export async function pickProfile(folder: vscode.WorkspaceFolder): Promise<PickedProfile | undefined> {
  const settings = vscode.workspace.getConfiguration("berth.docker", folder.uri);
  const byDefault = settings.get<string>("defaultProfile") ?? "";
  const names = Object.keys(settings.get<Record<string, unknown>>("profiles") ?? {});
  if (names.length < 2) {
    return { name: undefined };
  }
  const items = defaultFirst(names, byDefault).map((name) => ({
    label: name,
    ...(name === byDefault && { description: vscode.l10n.t("default") }),
    name,
  }));
  return vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which profile?") });
}

/** Names in order, the default one first where there is one. */
export function defaultFirst(names: readonly string[], byDefault: string): string[] {
  return [...names].sort((a, b) => Number(b === byDefault) - Number(a === byDefault) || a.localeCompare(b));
}
