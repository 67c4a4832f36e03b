import * as vscode from "vscode";
import type { Berth } from "../berth";
import { readOnlySwitch } from "../options/read-only";
import { pickSession } from "../sessions/pick";
import { hasReadOnly } from "../sessions/states";
import type { Target } from "./target";

/** The modes that agents were in before they were switched, by session. */
const before = new Map<string, string>();

/** Switches a running agent into the mode in which it changes nothing, and back into the one that it was in. */
export async function toggleReadOnly(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs here that has a read-only mode.");
  const info = await pickSession(berth, target, { fits: hasReadOnly, refusal });
  const change = info && readOnlySwitch(info.options, before.get(info.id));
  if (info && change) {
    await berth.server.run("agent.setOption", { session: info.id, option: change.option, value: change.to });
    before.set(info.id, change.from);
  }
}
