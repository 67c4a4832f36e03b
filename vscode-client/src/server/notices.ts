import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type EventsNotification, NOTIFICATIONS, type SessionInfo, type SessionStats } from "../generated/protocol";

/** What a server tells without being asked. */
export class Notices implements vscode.Disposable {
  readonly session = new vscode.EventEmitter<SessionInfo>();
  readonly removed = new vscode.EventEmitter<string>();
  readonly events = new vscode.EventEmitter<EventsNotification>();

  readonly stats = new vscode.EventEmitter<SessionStats>();
  /** Sessions whose transcript has grown. */
  readonly transcript = new vscode.EventEmitter<string>();
  /** Sessions whose transcript is to be shown. */
  readonly wanted = new vscode.EventEmitter<string>();

  /** Tells on what one client hears. */
  listen(client: Pick<LanguageClient, "onNotification">): void {
    client.onNotification(NOTIFICATIONS.session, (info: SessionInfo) => this.session.fire(info));
    client.onNotification(NOTIFICATIONS.events, (events: EventsNotification) => this.events.fire(events));
    client.onNotification(NOTIFICATIONS.stats, (stats: SessionStats) => this.stats.fire(stats));
    client.onNotification(NOTIFICATIONS.removed, ({ session }: { session: string }) => this.removed.fire(session));
  }

  dispose(): void {
    vscode.Disposable.from(this.session, this.removed, this.events, this.stats, this.transcript, this.wanted).dispose();
  }
}
