import * as vscode from "vscode";
import type { Berth } from "../berth";
import { activeSelection } from "../selection";
import { pickSession } from "../sessions/pick";
import { isTalking } from "../sessions/states";
import { showTranscript } from "../transcript/show";
import { askPrompt } from "./ask-prompt";
import type { Target } from "./target";

/** Sends a prompt to a running session, with what is selected. Behind a running turn it waits its turn. */
export async function prompt(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs here. Start one first.");
  const info = await pickSession(berth, target, { fits: isTalking, refusal });
  if (!info) {
    return;
  }
  const selection = activeSelection();
  const text = await askPrompt(selection?.title, { optional: false });
  if (!text) {
    return;
  }
  const { queued } = await berth.server.run("agent.prompt", {
    session: info.id,
    text,
    context: selection?.items ?? [],
  });
  if (queued > 0) {
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("The agent is busy; your prompt is number {0} in line.", queued),
      5000,
    );
  }
  await showTranscript(info);
}
