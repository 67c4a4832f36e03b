import * as vscode from "vscode";
import type { SessionInfo } from "../generated/protocol";
import { isBusy } from "../sessions/states";

/** Asks in a dialog, whose other button is Cancel. True when a person says so. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

/** Asks in a dialog where Enter, Escape and everything else but the one button mean no, as `no` says it. */
export async function confirmDanger(
  question: string,
  detail: string,
  { no, yes }: { no: string; yes: string },
): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, no, yes)) === yes;
}

/** Asks before a running turn is ended; without one there is nothing to ask. */
export async function confirmEndingTurn(info: SessionInfo, button: string): Promise<boolean> {
  if (!isBusy(info)) {
    return true;
  }
  const question = vscode.l10n.t("{0} is busy. End its running turn?", info.name);
  return confirm(question, vscode.l10n.t("The conversation goes on afterwards where the agent can."), button);
}
