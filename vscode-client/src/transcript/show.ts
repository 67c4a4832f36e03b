import * as vscode from "vscode";
import type { SessionInfo } from "../generated/protocol";
import { pagePath, SCHEME } from "./uri";

/**
 * Opens a session's transcript beside the code, without taking the focus.
 *
 * It opens as Markdown source and not as a preview: a preview loads the images that an agent names, and so would carry
 * out of the container what no one allowed it to send.
 */
export async function showTranscript(info: SessionInfo): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: pagePath(info) });
  const document = await vscode.workspace.openTextDocument(uri);
  const open = groupOf(document);
  const viewColumn = open?.viewColumn ?? freeColumn();
  const editor = await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: false });
  if (!open) {
    editor.revealRange(document.lineAt(document.lineCount - 1).range); // what was said last is what is read first
  }
}

/** The group of tabs that has it open. */
function groupOf(document: vscode.TextDocument): vscode.TabGroup | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => isOf(input, document)));
}

/** Beside the code, else wherever there is room. */
function freeColumn(): vscode.ViewColumn {
  const hasTabs = vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0);
  return hasTabs ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
}

function isOf(input: unknown, { uri }: vscode.TextDocument): boolean {
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
