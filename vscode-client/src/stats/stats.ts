import * as vscode from "vscode";
import type { SessionStats } from "../generated/protocol";
import type { Server } from "../server/server";
import type { Sessions } from "../sessions/sessions";
import { isContained } from "../sessions/states";

/** What sessions use, as long as somebody looks: the engine measures nothing for nobody. */
export class Stats implements vscode.Disposable {
  readonly onChange: vscode.Event<string>;

  private readonly change = new vscode.EventEmitter<string>();
  private readonly latest = new Map<string, SessionStats>();
  private readonly watched = new Set<string>();
  private readonly subscriptions: vscode.Disposable[];
  private looking = false;

  constructor(
    private readonly server: Pick<Server, "offers" | "run" | "onState" | "onStats">,
    private readonly sessions: Pick<Sessions, "all" | "onChange">,
  ) {
    this.onChange = this.change.event;
    this.subscriptions = [
      server.onStats((stats) => this.take(stats)),
      server.onState(() => this.begin()),
      sessions.onChange(() => this.follow()),
    ];
  }

  /** What a session used last; undefined while nobody looks and where it cannot be measured. */
  of(session: string): SessionStats | undefined {
    return this.latest.get(session);
  }

  /** Somebody looks, or nobody does any more. */
  look(looking: boolean): void {
    this.looking = looking;
    this.follow();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.change).dispose();
  }

  private take(stats: SessionStats): void {
    if (this.watched.has(stats.session)) {
      this.latest.set(stats.session, stats);
      this.change.fire(stats.session);
    }
  }

  /** A server that was started anew has nobody who looks. */
  private begin(): void {
    this.watched.clear();
    this.latest.clear();
    this.follow();
  }

  private follow(): void {
    const looks = this.looking && this.server.offers("agent.watchStats");
    const wanted = looks
      ? this.sessions
          .all()
          .filter(isContained)
          .map(({ id }) => id)
      : [];
    for (const session of wanted.filter((id) => !this.watched.has(id))) {
      this.watched.add(session);
      this.tell(session, true);
    }
    for (const session of [...this.watched].filter((id) => !wanted.includes(id))) {
      this.watched.delete(session);
      this.latest.delete(session);
      this.tell(session, false);
    }
  }

  /** What cannot be measured is not shown; that is all there is to say about it. */
  private tell(session: string, on: boolean): void {
    this.server.run("agent.watchStats", { session, on }).catch(() => undefined);
  }
}
