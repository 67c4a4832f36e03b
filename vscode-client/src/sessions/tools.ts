import type * as vscode from "vscode";
import type { SessionEvent } from "../generated/protocol";
import type { Tool } from "../questions/details";
import type { Server } from "../server/server";

/** The tool calls that are going on, so that a question about one can show what it would do. */
export class Tools implements vscode.Disposable {
  private readonly open = new Map<string, Tool>();
  private readonly subscription: vscode.Disposable;

  constructor(server: Server) {
    this.subscription = server.onEvents(({ session, events }) => {
      for (const event of events) {
        this.take(session, event);
      }
    });
  }

  /** A tool call of a session, as last told; undefined when it is over or was never told. */
  find(session: string, tool: string | null | undefined): Tool | undefined {
    return tool == null ? undefined : this.open.get(key(session, tool));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private take(session: string, event: SessionEvent): void {
    if (event.kind === "tool.started" || event.kind === "tool.updated") {
      this.open.set(key(session, event.tool), event);
    } else if (event.kind === "tool.ended") {
      this.open.delete(key(session, event.tool));
    }
  }
}

function key(session: string, tool: string): string {
  return JSON.stringify([session, tool]);
}
