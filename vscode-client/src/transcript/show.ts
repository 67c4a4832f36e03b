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
  await vscode.window.showTextDocument(document, {
    viewColumn: columnFor(document),
    preserveFocus: true,
    preview: false,
  });
}

/** Where it is open already, else beside the code, else wherever there is room. */
function columnFor(document: vscode.TextDocument): vscode.ViewColumn {
  const groups = vscode.window.tabGroups.all;
  const open = groups.find(({ tabs }) => tabs.some(({ input }) => isOf(input, document)));
  if (open) {
    return open.viewColumn;
  }
  return groups.some(({ tabs }) => tabs.length > 0) ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
}

function isOf(input: unknown, { uri }: vscode.TextDocument): boolean {
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
