import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isAny, isBusy } from "../sessions/states";

/** Builds a session's image anew and replaces its container. Says so first where that ends a running turn. */
export async function rebuild(berth: Berth): Promise<void> {
  const info = await pickSession(berth, isAny, vscode.l10n.t("There is no session to rebuild. Start one first."));
  const way = info && (await pickWay(isBusy(info)));
  if (info && way) {
    berth.sessions.put(await berth.server.run("agent.rebuild", { session: info.id, noCache: way.noCache }));
  }
}

async function pickWay(busy: boolean): Promise<{ noCache: boolean } | undefined> {
  const ways = [
    {
      label: vscode.l10n.t("Rebuild"),
      description: vscode.l10n.t("steps that did not change are reused"),
      noCache: false,
    },
    { label: vscode.l10n.t("Rebuild From Scratch"), description: vscode.l10n.t("every step anew"), noCache: true },
  ];
  const placeHolder = busy
    ? vscode.l10n.t("The agent is busy: rebuilding ends its running turn.")
    : vscode.l10n.t("The container is replaced; the conversation goes on where the agent can.");
  return vscode.window.showQuickPick(ways, { title: vscode.l10n.t("Agent: Rebuild"), placeHolder });
}
