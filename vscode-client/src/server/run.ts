import { spawn } from "node:child_process";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Program } from "./program";

/** Runs a program to its end, its output going into the log. Fails when it does, and when a person cancels. */
export function runLogged(
  { path, args }: Program,
  channel: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
): Promise<void> {
  channel.info(`$ ${[path, ...args].join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: homedir(), stdio: ["ignore", "pipe", "pipe"] });
    const cancelled = token.onCancellationRequested(() => child.kill());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf-8").on("data", (text: string) => channel.info(text.trimEnd()));
    }
    child.on("error", reject);
    child.on("close", (status) => {
      cancelled.dispose();
      if (status === 0) {
        resolve();
      } else {
        reject(new Error(`${path} ended with ${status ?? "a signal"}.`));
      }
    });
  });
}

/** Runs a program in a terminal that a person can watch. True when it ended well. */
export async function runTask(name: string, { path, args }: Program): Promise<boolean> {
  const execution = new vscode.ProcessExecution(path, args, { cwd: homedir() });
  const task = new vscode.Task({ type: "berth" }, vscode.TaskScope.Global, name, "berth", execution);
  const running = await vscode.tasks.executeTask(task);
  return new Promise((resolve) => {
    const ended = vscode.tasks.onDidEndTaskProcess(({ execution: of, exitCode }) => {
      if (of === running) {
        ended.dispose();
        resolve(exitCode === 0);
      }
    });
  });
}
