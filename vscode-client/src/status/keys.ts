import * as vscode from "vscode";
import type { SessionInfo } from "../generated/protocol";
import type { Sessions } from "../sessions/sessions";
import { isAny, isBusy, isLive, isTalking, isWaiting } from "../sessions/states";

const KEYS: Record<string, (info: SessionInfo) => boolean> = {
  "berth.any": isAny,
  "berth.live": isLive,
  "berth.talking": isTalking,
  "berth.busy": isBusy,
  "berth.waiting": isWaiting,
};

/** Keeps the context keys that decide which commands the palette offers. */
export function keepContextKeys(sessions: Sessions): vscode.Disposable {
  const told = new Map<string, boolean>();
  const set = (): void => {
    const all = sessions.all();
    for (const [key, holds] of Object.entries(KEYS)) {
      const value = all.some(holds);
      if (told.get(key) !== value) {
        told.set(key, value);
        void vscode.commands.executeCommand("setContext", key, value);
      }
    }
  };
  set();
  return vscode.Disposable.from(sessions.onChange(set), vscode.workspace.onDidChangeWorkspaceFolders(set));
}
