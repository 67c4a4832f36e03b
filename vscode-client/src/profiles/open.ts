import * as vscode from "vscode";
import type { ProfileInfo } from "../generated/protocol";
import { lineOfKey, placeOf } from "./place";

/** Opens the settings where a profile stands. */
export async function openProfile(profile: ProfileInfo): Promise<void> {
  const place = placeOf(profile.place);
  if (place === undefined) {
    await openOwnSettings();
    return;
  }
  await showLine(await vscode.workspace.openTextDocument(place.path), place.line);
}

/** Opens a settings file at a profile that was just written there: VS Code itself may not have read it yet. */
export async function openWritten(file: string, name: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(file, true));
  await showLine(document, lineOfKey(document.getText(), name));
}

async function showLine(document: vscode.TextDocument, line: number): Promise<void> {
  const start = new vscode.Position(line, 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
}

/** VS Code's own file of the user's settings, at the profiles. */
async function openOwnSettings(): Promise<void> {
  const revealSetting = { key: "berth.docker.profiles", edit: true };
  await vscode.commands.executeCommand("workbench.action.openSettingsJson", { revealSetting });
}
