import * as vscode from "vscode";
import type { ImageProgress, SessionInfo } from "../generated/protocol";
import type { Server } from "../server/server";
import { ofFolders } from "./states";
import { Steps } from "./steps";

/** What a session was and is now. `before` is undefined when it was not known, `after` when it is gone. */
export interface Change {
  id: string;
  before: SessionInfo | undefined;
  after: SessionInfo | undefined;
}

/** The sessions of this window, as the server last told them. */
export class Sessions implements vscode.Disposable {
  readonly onChange: vscode.Event<Change>;
  /** The server told of all sessions. */
  readonly onRefresh: vscode.Event<undefined>;

  private readonly change = new vscode.EventEmitter<Change>();
  private readonly refreshed = new vscode.EventEmitter<undefined>();
  private readonly known = new Map<string, SessionInfo>();
  /** Sessions that the server of now has told of: another one may have counted less far. */
  private readonly current = new Set<string>();
  private readonly steps = new Steps();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.onChange = this.change.event;
    this.onRefresh = this.refreshed.event;
    this.subscriptions = [
      server.onState((state) => state === "running" || this.current.clear()),
      server.onSession((info) => this.put(info)),
      server.onRemoved((id) => this.drop(id)),
      server.onEvents(({ session, events }) => {
        for (const event of events) {
          this.steps.take(session, event);
        }
      }),
    ];
  }

  /** The sessions of this window's folders. */
  all(): SessionInfo[] {
    const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    return ofFolders([...this.known.values()], folders);
  }

  /** A session of this window. */
  find(id: string): SessionInfo | undefined {
    return this.all().find((info) => info.id === id);
  }

  /** The last step of a session's build that was told. */
  step(id: string): ImageProgress | undefined {
    return this.steps.find(id);
  }

  /** Takes a session's whole state: it replaces what was known, unless that is newer and the same server's. */
  put(info: SessionInfo): void {
    const before = this.known.get(info.id);
    if (before === undefined || before.seq <= info.seq || !this.current.has(info.id)) {
      this.current.add(info.id);
      this.known.set(info.id, info);
      if (info.state === "planned") {
        this.steps.forget(info.id); // a session's state may be told before its events
      }
      this.change.fire({ id: info.id, before, after: info });
    }
  }

  /** Asks the server for all sessions and forgets the others. */
  async refresh(): Promise<void> {
    const listed = await this.server.run("agent.list", {});
    const gone = [...this.known.keys()].filter((id) => listed.every((info) => info.id !== id));
    gone.forEach((id) => {
      this.drop(id);
    });
    listed.forEach((info) => {
      this.put(info);
    });
    this.refreshed.fire(undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.change, this.refreshed).dispose();
  }

  private drop(id: string): void {
    const before = this.known.get(id);
    this.known.delete(id);
    this.steps.forget(id);
    this.change.fire({ id, before, after: undefined });
  }
}
