import * as vscode from "vscode";
import type { Berth } from "../berth";
import { activeSelection } from "../selection";
import { showTranscript } from "../transcript/show";
import { askPrompt } from "./ask-prompt";
import { pickFolder } from "./pick-folder";
import { pickProfile } from "./pick-profile";

/** Starts a session: folder and profile where there is a choice, then the first prompt. Escape at any step starts nothing. */
export async function start(berth: Berth): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await offerTrust();
    return;
  }
  const folder = await pickFolder();
  const profile = folder && (await pickProfile(folder));
  if (!folder || !profile) {
    return;
  }
  const selection = activeSelection();
  const prompt = await askPrompt(selection, { optional: true });
  if (prompt === undefined) {
    return;
  }
  const info = await berth.server.run("agent.start", {
    workspaceFolder: folder.uri.fsPath,
    ...(profile.name && { profile: profile.name }),
    ...(prompt && { prompt, context: selection ? [selection.item] : [] }),
  });
  berth.sessions.put(info);
  await showTranscript(info);
}

async function offerTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Trust");
  const message = vscode.l10n.t(
    "Agents are started in trusted folders only: this one decides what the container gets.",
  );
  if ((await vscode.window.showInformationMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}
