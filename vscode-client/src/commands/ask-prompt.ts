import * as vscode from "vscode";
import type { Selection } from "../selection";

/** Asks for a prompt. Undefined when a person thought better of it; empty only where that is `optional`. */
export async function askPrompt(
  selection: Selection | undefined,
  { optional }: { optional: boolean },
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("What should the agent do?"),
    placeHolder: optional ? vscode.l10n.t("Leave empty to start without a prompt") : "",
    ...(selection && { prompt: vscode.l10n.t("The selection goes with it: {0}", selection.title) }),
    ignoreFocusOut: true,
    validateInput: (value) =>
      optional || value.trim() !== "" ? undefined : { message: vscode.l10n.t("Say something."), severity: 1 },
  });
  return text?.trim();
}
