import * as vscode from "vscode";
import { SETTINGS } from "../generated/protocol";
import type { Sessions } from "../sessions/sessions";

/** Where it is kept that a workspace has had a session. */
const KEY = "berth.used";

/**
 * Whether somebody has Berth in this workspace: there was a session in it, or somebody wrote a setting. Only then is the
 * server started before it is asked for anything.
 */
export function isUsed(state: vscode.Memento): boolean {
  return state.get(KEY, false) || SETTINGS.some(isWritten);
}

/** Remembers that this workspace has had a session. */
export function rememberUse(state: vscode.Memento, sessions: Sessions): vscode.Disposable {
  return sessions.onChange(() => {
    if (sessions.all().length > 0 && !state.get(KEY, false)) {
      void state.update(KEY, true);
    }
  });
}

function isWritten(name: string): boolean {
  const found = vscode.workspace.getConfiguration("berth").inspect(name);
  return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
}
