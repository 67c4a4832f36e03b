import * as vscode from "vscode";
import type { Berth } from "../berth";
import { isComingUp } from "../sessions/states";
import { step } from "./steps";

/** Shows each session of this window that is coming up, whoever started it, until it is up or has failed. */
export function watchProgress(berth: Berth): vscode.Disposable {
  const shown = new Set<string>();
  return berth.sessions.onChange(async ({ id }) => {
    const info = berth.sessions.find(id);
    if (!info || !isComingUp(info) || shown.has(id)) {
      return;
    }
    shown.add(id);
    const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title: info.name };
    await vscode.window.withProgress(options, (progress, token) => follow(berth, id, progress, token));
    shown.delete(id);
  });
}

type Progress = vscode.Progress<{ message: string; increment?: number }>;

function follow(berth: Berth, id: string, progress: Progress, token: vscode.CancellationToken): Promise<void> {
  const { promise, resolve } = withResolvers();
  let percent = 0;
  const report = (): void => {
    const info = berth.sessions.find(id);
    if (!info || !isComingUp(info)) {
      resolve();
      return;
    }
    const now = step(info, berth.sessions.step(id));
    const increment = Math.max(0, (now.percent ?? percent) - percent);
    percent += increment;
    progress.report({ message: now.message, ...(increment > 0 && { increment }) });
  };
  const subscriptions = vscode.Disposable.from(
    berth.sessions.onChange((change) => change.id === id && report()),
    berth.server.onEvents(({ session }) => session === id && report()),
    token.onCancellationRequested(() => void berth.server.run("agent.stop", { session: id }).catch(resolve)),
  );
  report();
  return promise.finally(() => subscriptions.dispose());
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
