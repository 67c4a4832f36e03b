import * as vscode from "vscode";
import type { EventsNotification, SessionEvent } from "../generated/protocol";
import type { Server } from "../server/server";
import { Activity } from "./activity";
import type { Looked } from "./looked";

/** Events that are asked for again at most, where some were missed: a window that was reloaded has missed all of them. */
const REPEATED = 5000;

/** Milliseconds that events may be later than the state that comes of them: the server collects them for a moment. */
const PATIENCE = 1000;

/** What goes on in each session. */
export class Activities implements vscode.Disposable {
  /** A session whose activity is not what it was. */
  readonly onChange: vscode.Event<string>;

  private readonly change = new vscode.EventEmitter<string>();
  private readonly heard = new vscode.EventEmitter<undefined>();
  private readonly known = new Map<string, Activity>();
  /** Sessions whose events are being repeated, with what is told meanwhile. */
  private readonly behind = new Map<string, EventsNotification[]>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: Pick<Server, "onEvents" | "onRemoved" | "run">,
    private readonly looked: Looked,
  ) {
    this.onChange = this.change.event;
    this.subscriptions = [
      server.onEvents((told) => this.take(told)),
      server.onRemoved((session) => {
        this.known.delete(session);
        looked.forget(session);
      }),
    ];
  }

  /** What goes on in a session. */
  of(session: string): Activity {
    const activity = this.known.get(session) ?? new Activity(this.looked.upTo(session));
    this.known.set(session, activity);
    return activity;
  }

  /** Has events repeated up to the number `seq`, where they were not heard. Never fails: what is gone is gone. */
  async catchUp(session: string, seq: number): Promise<void> {
    const activity = this.of(session);
    if (this.behind.has(session) || activity.heard >= seq) {
      return;
    }
    const meanwhile: EventsNotification[] = [];
    this.behind.set(session, meanwhile);
    try {
      await this.repeat(session, Math.max(activity.heard + 1, seq - REPEATED));
    } catch {
      activity.heard = Math.max(activity.heard, seq); // or every further event would be a gap again
    }
    this.behind.delete(session);
    meanwhile.forEach((told) => {
      this.take(told);
    });
    this.change.fire(session);
  }

  /** Waits until the events up to the number `seq` were heard; not for long, since what is gone does not come. */
  async upTo(session: string, seq: number): Promise<void> {
    if (this.of(session).heard >= seq) {
      return;
    }
    await new Promise<void>((resolve) => {
      const patience = setTimeout(() => done(), PATIENCE);
      const more = this.heard.event(() => this.of(session).heard >= seq && done());
      const done = (): void => {
        clearTimeout(patience);
        more.dispose();
        resolve();
      };
    });
  }

  /** Somebody has looked at what could run on this machine. */
  settleFindings(session: string): void {
    const { findings, heard } = this.of(session);
    findings.settle(heard);
    this.looked.note(session, heard);
    this.change.fire(session);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.change, this.heard).dispose();
  }

  private take(told: EventsNotification): void {
    const { session, first, events } = told;
    const meanwhile = this.behind.get(session);
    if (meanwhile) {
      meanwhile.push(told);
    } else if (first > this.of(session).heard + 1) {
      void this.catchUp(session, first + events.length - 1);
    } else {
      this.add(session, events);
    }
  }

  private async repeat(session: string, from: number): Promise<void> {
    for (let next = from, complete = false; !complete; ) {
      const answer = await this.server.run("agent.replay", { session, from: next });
      this.add(session, answer.events as unknown as SessionEvent[]);
      complete = answer.complete || answer.next <= next;
      next = answer.next;
    }
  }

  private add(session: string, events: readonly SessionEvent[]): void {
    const activity = this.of(session);
    const changes = events.map((event) => activity.take(event));
    this.heard.fire(undefined);
    if (changes.includes(true)) {
      this.change.fire(session);
    }
  }
}
