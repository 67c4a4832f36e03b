import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  LanguageClient,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import { type Commands, type EventsNotification, NOTIFICATIONS, type SessionInfo } from "../generated/protocol";
import { OWN_PART, withoutServerProgress, withScopes } from "./capabilities";
import { byScope } from "./configuration";
import { looking } from "./looking";
import { findProgram, type Program } from "./program";

/** Whether the server can be talked to. */
export type ServerState = "starting" | "running" | "missing" | "stopped";

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

  constructor(private readonly channel: vscode.LogOutputChannel) {
    this.onSession = this.session.event;
    this.onRemoved = this.removed.event;
    this.onEvents = this.events.event;
    this.onState = this.stateChange.event;
  }

  get state(): ServerState {
    return this.current;
  }

  /** Starts the server that `berth.serverCommand` names. Where there is none, the state is `missing`; where it fails, `stopped`. */
  async start(): Promise<void> {
    await this.stop();
    this.enter("starting");
    const command = serverCommand();
    const program = await findProgram(command, { searchPath: process.env["PATH"] ?? "", home: homedir() });
    if (program === undefined) {
      this.channel.error(`No program ${command[0] ?? "(empty)"} was found.`);
      this.enter("missing");
      return;
    }
    try {
      this.client = this.connect(program);
      await this.client.start();
    } catch (error) {
      this.channel.error(error instanceof Error ? error : String(error));
      this.enter("stopped");
    }
  }

  /** Ends the process. No session ends with it. */
  async stop(): Promise<void> {
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
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [args] });
  }

  /** Has the server ask for the settings again. */
  async settingsChanged(): Promise<void> {
    if (this.current === "running") {
      await this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    }
  }

  /** Shows what the server logs. */
  showLog(): void {
    this.channel.show(true);
  }

  dispose(): Promise<void> {
    return this.stop();
  }

  private connect(program: Program): LanguageClient {
    const client = new LanguageClient(
      "berth",
      "Berth",
      { command: program.path, args: program.args, transport: TransportKind.stdio },
      {
        documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
        initializationOptions: { berth: OWN_PART },
        outputChannel: this.channel,
        middleware: { workspace: { configuration: byScope(looking) } },
      },
    );
    client.registerFeature(withoutServerProgress);
    client.registerFeature(withScopes);
    client.onNotification(NOTIFICATIONS.session, (info: SessionInfo) => this.session.fire(info));
    client.onNotification(NOTIFICATIONS.events, (events: EventsNotification) => this.events.fire(events));
    client.onNotification(NOTIFICATIONS.removed, ({ session }: { session: string }) => this.removed.fire(session));
    client.onDidChangeState(({ newState }) => this.follow(client, newState));
    return client;
  }

  private follow(client: LanguageClient, state: State): void {
    if (this.client === client) {
      this.enter(STATES[state]);
    }
  }

  private enter(state: ServerState): void {
    if (state !== this.current) {
      this.current = state;
      this.stateChange.fire(state);
    }
  }
}

const STATES: Record<State, ServerState> = {
  [State.Starting]: "starting",
  [State.Running]: "running",
  [State.Stopped]: "stopped",
  [State.StartFailed]: "stopped",
};

function serverCommand(): string[] {
  return vscode.workspace.getConfiguration("berth").get<string[]>("serverCommand") ?? [];
}
