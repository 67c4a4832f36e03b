import * as vscode from "vscode";
import type { Berth } from "../berth";
import { isChangedInGit } from "../view/git";
import type { Target } from "./target";

/** Opens what changed: a file as a difference where VS Code's Git knows one, else as it is; a folder in the explorer. */
export async function openChange(_berth: Berth, { path }: Target): Promise<void> {
  if (path === undefined) {
    return;
  }
  const uri = vscode.Uri.file(path);
  await vscode.commands.executeCommand(await commandFor(uri), uri);
}

async function commandFor(uri: vscode.Uri): Promise<string> {
  if (isChangedInGit(uri)) {
    return "git.openChange";
  }
  return (await isFolder(uri)) ? "revealInExplorer" : "vscode.open";
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false; // gone meanwhile: VS Code's editor says so
  }
}
