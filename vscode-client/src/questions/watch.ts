import type * as vscode from "vscode";
import type { Berth } from "../berth";
import { notify } from "./dialog";

/** Asks every question of this window's sessions once. */
export function watchQuestions(berth: Berth): vscode.Disposable {
  const asked = new Set<string>();
  return berth.sessions.onChange(({ id, after }) => {
    const info = after && berth.sessions.find(id);
    for (const request of info?.inputNeeded ?? []) {
      const key = JSON.stringify([id, request.request]);
      if (info && !asked.has(key)) {
        asked.add(key);
        void notify(berth, info, request);
      }
    }
  });
}
