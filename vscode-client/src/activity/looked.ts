import type { Memento } from "vscode";

/** Where it is kept, of each session, up to which event somebody has looked at what could run on this machine. */
const KEY = "berth.lookedAt";

/** What somebody has looked at, also before the window was reloaded. */
export class Looked {
  constructor(private readonly state: Pick<Memento, "get" | "update">) {}

  /** The number of the last event that was looked at; 0 where nobody has. */
  upTo(session: string): number {
    return this.all()[session] ?? 0;
  }

  /** Notes it. */
  note(session: string, seq: number): void {
    void this.state.update(KEY, { ...this.all(), [session]: seq });
  }

  /** Forgets a session that is gone. */
  forget(session: string): void {
    const { [session]: gone, ...rest } = this.all();
    if (gone !== undefined) {
      void this.state.update(KEY, rest);
    }
  }

  private all(): Record<string, number> {
    return this.state.get<Record<string, number>>(KEY, {});
  }
}
