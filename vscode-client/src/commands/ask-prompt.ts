import * as vscode from "vscode";

/**
 * Asks for a prompt. Undefined when a person thought better of it; empty only where that is `optional`.
 *
 * `attached` says what goes with it.
 */
export async function askPrompt(
  attached: string | undefined,
  { optional }: { optional: boolean },
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("What should the agent do?"),
    placeHolder: optional ? vscode.l10n.t("Leave empty to start without a prompt") : "",
    ...(attached && { prompt: vscode.l10n.t("This goes with it: {0}", attached) }),
    ignoreFocusOut: true,
    validateInput: (value) =>
      optional || value.trim() !== "" ? undefined : { message: vscode.l10n.t("Say something."), severity: 1 },
  });
  return text?.trim();
}
