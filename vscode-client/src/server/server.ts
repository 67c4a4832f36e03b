import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Commands, EventsNotification, SessionInfo, SessionStats } from "../generated/protocol";
import { Condition } from "./condition";
import { Notices } from "./notices";
import type { Program } from "./program";
import type { ServerState } from "./state";

export type { ServerState } from "./state";

/** The Berth server: one process per window, and the only thing here that speaks LSP. */
export class Server implements vscode.Disposable {
  private readonly notices = new Notices();
  private readonly condition = new Condition();
  private client: LanguageClient | undefined;
  private starts = 0;

  readonly onSession: vscode.Event<SessionInfo> = this.notices.session.event;
  readonly onRemoved: vscode.Event<string> = this.notices.removed.event;
  readonly onEvents: vscode.Event<EventsNotification> = this.notices.events.event;
  readonly onStats: vscode.Event<SessionStats> = this.notices.stats.event;
  readonly onTranscript: vscode.Event<string> = this.notices.transcript.event;
  readonly onTranscriptWanted: vscode.Event<string> = this.notices.wanted.event;
  readonly onState: vscode.Event<ServerState> = this.condition.onChange;

  /** `find` looks for the program to start, anew each time. */
  constructor(
    private readonly channel: vscode.LogOutputChannel,
    private readonly find: () => Promise<Program | undefined>,
  ) {}

  get state(): ServerState {
    return this.condition.state;
  }

  /** What the server calls its version; undefined when it says none. */
  get version(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  /** Whether the server that runs knows a command: one that is older may not. */
  offers(command: keyof Commands): boolean {
    const offered = this.client?.initializeResult?.capabilities.executeCommandProvider?.commands;
    return this.state === "running" && offered?.includes(command) === true;
  }

  /** Starts the server that is found; else the state is `missing` or `stopped`. A later start takes an earlier one's place. */
  async start(): Promise<void> {
    const stopped = this.stop();
    const mine = this.starts;
    this.condition.enter("starting");
    await stopped;
    const program = await this.find();
    const client = program && (await this.connect(program));
    if (mine !== this.starts) {
      return;
    }
    if (client) {
      this.channel.info(`Starting ${[program.path, ...program.args].join(" ")}`);
      await this.greet(client);
    } else {
      this.channel.error("No server was found.");
      this.condition.enter("missing");
    }
  }

  /** Starts the server unless it was started before: something needs it. */
  wake(): void {
    if (this.state === "resting") {
      void this.start();
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
   * Carries out a server command. A server that rests is started for it.
   *
   * @throws ResponseError whose data says kind, message and hint; see `readFailure`.
   */
  async run<K extends keyof Commands>(command: K, args: Commands[K]["arguments"]): Promise<Commands[K]["result"]> {
    return this.request("workspace/executeCommand", { command, arguments: [args] });
  }

  /** Makes a request. A server that rests is started for it. */
  async request<T>(method: string, params: object): Promise<T> {
    this.wake();
    await this.condition.settled();
    if (this.client === undefined) {
      throw new Error(vscode.l10n.t("The Berth server does not run."));
    }
    return this.client.sendRequest(method, params);
  }

  /** Has the server ask for the settings again. */
  async settingsChanged(): Promise<void> {
    if (this.state === "running") {
      await this.client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
    }
  }

  /** Shows what the server logs. */
  showLog(): void {
    this.channel.show(true);
  }

  async dispose(): Promise<void> {
    await this.stop();
    vscode.Disposable.from(this.notices, this.condition).dispose();
  }

  /** The LSP library is most of this extension's code: it is loaded here, when VS Code has gone on already. */
  private async connect(program: Program): Promise<LanguageClient> {
    const { makeClient, stateOf } = await import("./client.js");
    const client = makeClient(program, this.channel, this.notices);
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
      this.condition.enter(state);
    }
  }
}
