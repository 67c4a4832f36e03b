import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { SessionInfo } from "../generated/protocol";
import { pickSession } from "../sessions/pick";
import { isAny } from "../sessions/states";
import { confirmEndingTurn } from "./confirm";
import type { Target } from "./target";
import { isTrusted } from "./trusted";

/** Builds a session's image anew where something changed, and replaces its container. */
export async function rebuild(berth: Berth, target: Target): Promise<void> {
  const info = await chosen(berth, target);
  if (info) {
    berth.sessions.put(await berth.server.run("agent.rebuild", { session: info.id }));
  }
}

/** Builds every step of a session's image anew, and replaces its container. */
export async function rebuildNoCache(berth: Berth, target: Target): Promise<void> {
  const info = await chosen(berth, target);
  if (info) {
    berth.sessions.put(await berth.server.run("agent.rebuild", { session: info.id, noCache: true }));
  }
}

async function chosen(berth: Berth, target: Target): Promise<SessionInfo | undefined> {
  if (!isTrusted()) {
    return undefined;
  }
  const refusal = vscode.l10n.t("There is no session to rebuild. Start one first.");
  const info = await pickSession(berth, target, { fits: isAny, refusal });
  return info && (await confirmEndingTurn(info, vscode.l10n.t("Rebuild"))) ? info : undefined;
}
