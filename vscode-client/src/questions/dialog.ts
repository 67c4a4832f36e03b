import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { answer } from "./answer";
import { brief, type Choice, choices, isLasting } from "./choices";
import { details } from "./details";

interface Button extends vscode.MessageItem {
  choice?: Choice;
}

/**
 * Asks in a notification, which a person may leave for later: the status item keeps saying that the agent waits.
 *
 * `Details…` goes on to the dialog that shows everything and offers every answer.
 */
export async function notify(berth: Berth, info: SessionInfo, request: InputRequest): Promise<void> {
  const details: Button = { title: vscode.l10n.t("Details…") };
  const buttons = [...brief(choices(request)).map(button), details];
  const message = vscode.l10n.t("{0} asks: {1}", info.name, request.title);
  const chosen = await vscode.window.showWarningMessage(message, ...buttons);
  if (chosen === details) {
    await ask(berth, info, request);
  } else if (chosen?.choice) {
    await answer(berth, info, request, chosen.choice);
  }
}

/** Asks in a dialog with all that is known. Escape leaves the question open. */
export async function ask(berth: Berth, info: SessionInfo, request: InputRequest): Promise<void> {
  const offered = choices(request);
  const buttons: Button[] = offered.map(button);
  const later: Button = { title: vscode.l10n.t("Later"), isCloseAffordance: true };
  const lasting = offered.filter(isLasting).map(({ label, name }) => `${label}: ${name}`);
  const what = details(request, berth.tools.find(info.id, request.tool), info.workspaceFolder);
  const detail = [what, lasting.join("\n")].filter(Boolean).join("\n\n");
  const chosen = await vscode.window.showWarningMessage(request.title, { modal: true, detail }, ...buttons, later);
  if (chosen?.choice) {
    await answer(berth, info, request, chosen.choice);
  }
}

function button(choice: Choice): Button {
  return { title: choice.label, choice };
}
