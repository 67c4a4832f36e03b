import * as vscode from "vscode";
import type { Server } from "../server/server";
import type { Sessions } from "../sessions/sessions";
import { TRAITS } from "../sessions/states";

/** Keeps the context keys that decide which commands are offered, and what an empty view says. */
export function keepContextKeys(server: Server, sessions: Sessions): vscode.Disposable {
  const told = new Map<string, unknown>();
  const tell = (key: string, value: unknown): void => {
    if (told.get(key) !== value) {
      told.set(key, value);
      void vscode.commands.executeCommand("setContext", `berth.${key}`, value);
    }
  };
  const set = (): void => {
    const all = sessions.all();
    for (const [trait, holds] of Object.entries(TRAITS)) {
      tell(trait, all.some(holds));
    }
    tell("server", server.state);
    tell("canPrune", server.offers("agent.prune"));
    tell("canSetLimits", server.offers("agent.setLimits"));
  };
  set();
  return vscode.Disposable.from(
    sessions.onChange(set),
    server.onState(set),
    vscode.workspace.onDidChangeWorkspaceFolders(set),
  );
}
