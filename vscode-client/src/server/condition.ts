import * as vscode from "vscode";
import type { ServerState } from "./state";

/** Whether the server can be talked to, now and as it changes. */
export class Condition implements vscode.Disposable {
  readonly onChange: vscode.Event<ServerState>;

  private readonly change = new vscode.EventEmitter<ServerState>();
  private current: ServerState = "resting";

  constructor() {
    this.onChange = this.change.event;
  }

  get state(): ServerState {
    return this.current;
  }

  /** Enters a state, and tells it where it is another one. */
  enter(state: ServerState): void {
    if (state !== this.current) {
      this.current = state;
      this.change.fire(state);
    }
  }

  /** Waits while the server is being started. */
  async settled(): Promise<void> {
    while (this.current === "starting") {
      await new Promise<void>((resolve) => {
        const waiting = this.onChange(() => {
          waiting.dispose();
          resolve();
        });
      });
    }
  }

  dispose(): void {
    this.change.dispose();
  }
}
