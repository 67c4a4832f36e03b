import * as vscode from "vscode";
import type { Berth } from "../berth";

/** Keeps the list of sessions true to a server that comes and goes, and says what to do where there is none. */
export function watchServer(berth: Berth): vscode.Disposable {
  const { server } = berth;
  return vscode.Disposable.from(
    server.onState((state) => {
      if (state === "running") {
        void refresh(berth);
      } else if (state === "missing") {
        void offerInstall();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.settingsChanged()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("berth.serverCommand")) {
        void server.start();
      }
    }),
  );
}

/** What was not heard while there was no server is asked for: a window that was reloaded has heard nothing. */
async function refresh({ sessions, activities }: Berth): Promise<void> {
  await sessions.refresh();
  await Promise.all(sessions.all().map(({ id, seq }) => activities.catchUp(id, seq)));
}

async function offerInstall(): Promise<void> {
  const open = vscode.l10n.t("Open Setting");
  const message = vscode.l10n.t(
    "The Berth server was not found. Install it (pip install agent-berth), or name its program in the setting berth.serverCommand.",
  );
  if ((await vscode.window.showErrorMessage(message, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "berth.serverCommand");
  }
}
