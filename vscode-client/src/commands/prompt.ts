import * as vscode from "vscode";
import type { Berth } from "../berth";
import { type Attached, activeSelection, attachedFiles } from "../selection";
import { pickSession } from "../sessions/pick";
import { isTalking } from "../sessions/states";
import { showTranscript } from "../transcript/show";
import { askPrompt } from "./ask-prompt";
import type { Target } from "./target";

/** Sends a prompt to a running session, with what is selected. Behind a running turn it waits its turn. */
export function prompt(berth: Berth, target: Target): Promise<void> {
  return send(berth, target, async () => activeSelection());
}

/** Sends a prompt about files and folders. */
export function promptWithFiles(berth: Berth, uris: readonly vscode.Uri[]): Promise<void> {
  return send(berth, {}, () => attachedFiles(uris));
}

async function send(berth: Berth, target: Target, attach: () => Promise<Attached | undefined>): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs here. Start one first.");
  const info = await pickSession(berth, target, { fits: isTalking, refusal });
  const attached = info && (await attach());
  const text = info && (await askPrompt(attached?.title, { optional: false }));
  if (!text) {
    return;
  }
  const context = attached?.items ?? [];
  const { queued } = await berth.server.run("agent.prompt", { session: info.id, text, context });
  if (queued > 0) {
    const message = vscode.l10n.t("The agent is busy; your prompt is number {0} in line.", queued);
    vscode.window.setStatusBarMessage(message, 5000);
  }
  await showTranscript(info);
}
