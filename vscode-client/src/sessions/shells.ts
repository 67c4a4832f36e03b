import * as vscode from "vscode";
import type { SessionInfo } from "../generated/protocol";
import type { Sessions } from "./sessions";
import { isTalking } from "./states";

/** The terminals that are open where agents run. They close with their session, or VS Code would call that a failure. */
export class Shells implements vscode.Disposable {
  private readonly terminals = new Map<vscode.Terminal, string>();
  private readonly subscription: vscode.Disposable;

  constructor(sessions: Sessions) {
    this.subscription = vscode.Disposable.from(
      sessions.onChange(({ id, after }) => {
        if (!after || !isTalking(after)) {
          this.close(id);
        }
      }),
      vscode.window.onDidCloseTerminal((terminal) => this.terminals.delete(terminal)),
    );
  }

  /** Opens a terminal that runs a program with its arguments. */
  open(info: SessionInfo, [shellPath = "", ...shellArgs]: readonly string[]): void {
    const iconPath = new vscode.ThemeIcon(info.mode === "host" ? "terminal" : "package");
    const terminal = vscode.window.createTerminal({
      name: info.name,
      shellPath,
      shellArgs,
      iconPath,
      isTransient: true,
    });
    this.terminals.set(terminal, info.id);
    terminal.show();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private close(session: string): void {
    for (const [terminal, of] of this.terminals) {
      if (of === session) {
        terminal.dispose();
      }
    }
  }
}
