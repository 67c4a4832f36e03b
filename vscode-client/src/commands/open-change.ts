import * as vscode from "vscode";
import type { Berth } from "../berth";
import { isChangedInGit } from "../view/git";
import type { Target } from "./target";

/** Opens a file that changed: what changed in it where VS Code's Git knows, else the file as it is. */
export async function openChange(_berth: Berth, { path }: Target): Promise<void> {
  if (path === undefined) {
    return;
  }
  const uri = vscode.Uri.file(path);
  const command = isChangedInGit(uri) ? "git.openChange" : "vscode.open";
  await vscode.commands.executeCommand(command, uri);
}
