import { homedir } from "node:os";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type Commands, type EventsNotification, NOTIFICATIONS, type SessionInfo } from "../generated/protocol";
import { findProgram, type Program } from "./program";
import type { ServerState } from "./state";

export type { ServerState } from "./state";

/** The Berth server: one process per window, and the only thing here that speaks LSP. */
export class Server implements vscode.Disposable {
  readonly onSession: vscode.Event<SessionInfo>;
  readonly onRemoved: vscode.Event<string>;
  readonly onEvents: vscode.Event<EventsNotification>;
  readonly onState: vscode.Event<ServerState>;

  private readonly session = new vscode.EventEmitter<SessionInfo>();
  private readonly removed = new vscode.EventEmitter<string>();
  private readonly events = new vscode.EventEmitter<EventsNotification>();
  private readonly stateChange = new vscode.EventEmitter<ServerState>();
  private client: LanguageClient | undefined;
  private current: ServerState = "stopped";
  private starts = 0;

  constructor(private readonly channel: vscode.LogOutputChannel) {
    this.onSession = this.session.event;
    this.onRemoved = this.removed.event;
    this.onEvents = this.events.event;
    this.onState = this.stateChange.event;
  }

  get state(): ServerState {
    return this.current;
  }

  /**
   * Starts the server that `berth.serverCommand` names. Where there is none, the state is `missing`; where it fails,
   * `stopped`. A later start takes the place of one that is under way.
   */
  async start(): Promise<void> {
    const stopped = this.stop();
    const mine = this.starts;
    await stopped;
    this.enter("starting");
    const command = serverCommand();
    const program = await findProgram(command, { searchPath: process.env["PATH"] ?? "", home: homedir() });
    const client = program && (await this.connect(program));
    if (mine !== this.starts) {
      return;
    }
    if (client) {
      await this.greet(client);
    } else {
      this.channel.error(`No program ${command[0] ?? "(empty)"} was found.`);
      this.enter("missing");
    }
  }

  /** Ends the process. No session ends with it. */
  async stop(): Promise<void> {
    this.starts += 1;
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  /**
   * Carries out a server command.
   *
   * @throws ResponseError whose data says kind, message and hint; see `readFailure`.
   */
  async run<K extends keyof Commands>(command: K, args: Commands[K]["arguments"]): Promise<Commands[K]["result"]> {
    if (this.client === undefined) {
      throw new Error(vscode.l10n.t("The Berth server does not run."));
    }
    return this.client.sendRequest("workspace/executeCommand", { command, arguments: [args] });
  }

  /** Has the server ask for the settings again. */
  async settingsChanged(): Promise<void> {
    if (this.current === "running") {
      await this.client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
    }
  }

  /** Shows what the server logs. */
  showLog(): void {
    this.channel.show(true);
  }

  dispose(): Promise<void> {
    return this.stop();
  }

  /** The LSP library is most of this extension's code: it is loaded here, when VS Code has gone on already. */
  private async connect(program: Program): Promise<LanguageClient> {
    const { makeClient, stateOf } = await import("./client.js");
    const client = makeClient(program, this.channel);
    client.onNotification(NOTIFICATIONS.session, (info: SessionInfo) => this.session.fire(info));
    client.onNotification(NOTIFICATIONS.events, (events: EventsNotification) => this.events.fire(events));
    client.onNotification(NOTIFICATIONS.removed, ({ session }: { session: string }) => this.removed.fire(session));
    client.onDidChangeState(({ newState }) => this.follow(client, stateOf(newState)));
    return client;
  }

  private async greet(client: LanguageClient): Promise<void> {
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.channel.error(error instanceof Error ? error : String(error));
      this.follow(client, "stopped");
    }
  }

  private follow(client: LanguageClient, state: ServerState): void {
    if (this.client === client) {
      this.enter(state);
    }
  }

  private enter(state: ServerState): void {
    if (state !== this.current) {
      this.current = state;
      this.stateChange.fire(state);
    }
  }
}

function serverCommand(): string[] {
  return vscode.workspace.getConfiguration("berth").get<string[]>("serverCommand") ?? [];
}
