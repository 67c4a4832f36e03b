import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickFolder } from "./pick-folder";

/** Signs a person in to the folder's agent: its own login in a terminal, or this machine's login copied. */
export async function logIn(berth: Berth): Promise<void> {
  const folder = await pickFolder();
  const way = folder && (await pickWay());
  if (!folder || !way) {
    return;
  }
  const login = await berth.server.run("agent.login", { workspaceFolder: folder.uri.fsPath, copy: way.copy });
  const [shellPath, ...shellArgs] = login.argv;
  if (shellPath) {
    const iconPath = new vscode.ThemeIcon("key");
    vscode.window.createTerminal({ name: login.title, shellPath, shellArgs, iconPath, isTransient: true }).show();
    void vscode.window.showInformationMessage(login.note);
  } else {
    void vscode.window.showInformationMessage(vscode.l10n.t("Copied: {0}. {1}", login.copied.join(", "), login.note));
  }
}

async function pickWay(): Promise<{ copy: boolean } | undefined> {
  const ways = [
    {
      label: vscode.l10n.t("Log In"),
      description: vscode.l10n.t("the agent's own login, in a terminal of its container"),
      copy: false,
    },
    {
      label: vscode.l10n.t("Copy This Machine's Login"),
      description: vscode.l10n.t("the agent can then use it as you do"),
      copy: true,
    },
  ];
  return vscode.window.showQuickPick(ways, { title: vscode.l10n.t("Agent: Log In") });
}
