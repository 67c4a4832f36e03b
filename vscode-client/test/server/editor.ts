import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { ConfigurationParams } from "vscode-languageclient/node";
import {
  type Commands,
  type EventsNotification,
  NOTIFICATIONS,
  type SessionInfo,
  type SessionStats,
} from "../../src/generated/protocol";
import { EXPERIMENTAL, OWN_PART } from "../../src/server/capabilities";
import { byScope, type Inspected } from "../../src/server/configuration";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const PYTHON = process.env["BERTH_PYTHON"] ?? join(REPOSITORY, ".venv", "bin", "python");

/** What the settings say: the agent is a script that does what its prompt says (tests/fakes/agent_programs). */
const SETTINGS = { agent: "scripted", agents: { scripted: { command: ["scripted"] } } };

const NEVER = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

/** This client's half of the wire without VS Code: the real server, an engine in memory, a scripted agent. */
export class Editor {
  readonly sessions = new Map<string, SessionInfo>();
  readonly events: EventsNotification[] = [];
  /** What sessions used, as it was told. */
  readonly stats: SessionStats[] = [];
  /** What the server had shown to the person. */
  readonly shown: string[] = [];
  /** Methods of all requests that the server made. */
  readonly asked: string[] = [];
  /** What the settings say by their name below `berth`, beside those of the user. */
  readonly written: Record<string, Inspected> = {};
  /** What VS Code has after merging, where that is more than the settings it knows. */
  merged: unknown = {};
  trusted = true;
  private waiting: (() => void)[] = [];

  private constructor(
    readonly folder: string,
    private readonly server: ChildProcess,
    private readonly connection: MessageConnection,
  ) {
    connection.onNotification(NOTIFICATIONS.session, (info: SessionInfo) =>
      this.hear(() => this.sessions.set(info.id, info)),
    );
    connection.onNotification(NOTIFICATIONS.events, (events: EventsNotification) =>
      this.hear(() => this.events.push(events)),
    );
    connection.onNotification(NOTIFICATIONS.stats, (stats: SessionStats) => this.hear(() => this.stats.push(stats)));
    connection.onNotification("window/showMessage", ({ message }: { message: string }) =>
      this.hear(() => this.shown.push(message)),
    );
    connection.onRequest((method, params) => {
      this.hear(() => this.asked.push(method));
      return method === "workspace/configuration" ? this.configuration(params as ConfigurationParams) : null;
    });
    connection.listen();
  }

  /** Starts the server in a folder of its own and shakes hands as the extension does. */
  static async open(): Promise<Editor> {
    const lab = await mkdtemp(join(tmpdir(), "berth-vscode-"));
    const folder = join(lab, "demo");
    await mkdir(folder);
    const server = spawn(PYTHON, ["-m", "tests.lsp.serve_fake"], {
      cwd: REPOSITORY,
      env: {
        ...process.env,
        PYTHONPATH: REPOSITORY,
        BERTH_STATE_DIR: join(lab, "state"),
        XDG_CONFIG_HOME: join(lab, "config"),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const reader = new StreamMessageReader(server.stdout as NodeJS.ReadableStream);
    const writer = new StreamMessageWriter(server.stdin as NodeJS.WritableStream);
    const editor = new Editor(folder, server, createMessageConnection(reader, writer));
    await editor.greet();
    return editor;
  }

  run<K extends keyof Commands>(command: K, args: Commands[K]["arguments"]): Promise<Commands[K]["result"]> {
    return this.request("workspace/executeCommand", { command, arguments: [args] });
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest(method, params);
  }

  /** A session, as soon as it is as wanted. The test's own time limit bounds the wait. */
  async when(id: string, wanted: (info: SessionInfo) => boolean): Promise<SessionInfo> {
    for (;;) {
      const info = this.sessions.get(id);
      if (info && wanted(info)) {
        return info;
      }
      if (info?.error) {
        throw new Error(info.error.message);
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Waits until something holds, looking again at whatever the server says. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  settingsChanged(): Promise<void> {
    return this.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }

  async close(): Promise<void> {
    this.connection.dispose();
    this.server.kill("SIGKILL");
    await rm(dirname(this.folder), { recursive: true });
  }

  private configuration(params: ConfigurationParams): unknown {
    const answer = byScope({ isTrusted: () => this.trusted, inspect: (_, name) => this.inspect(name) });
    return answer(params, NEVER, () => params.items.map(() => this.merged));
  }

  private inspect(name: string): Inspected | undefined {
    return this.written[name] ?? { globalValue: (SETTINGS as Record<string, unknown>)[name] };
  }

  private async greet(): Promise<void> {
    await this.request("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: `file://${this.folder}`, name: "demo" }],
      initializationOptions: { berth: OWN_PART },
      capabilities: {
        workspace: { configuration: true, textDocumentContent: { dynamicRegistration: true } },
        window: { workDoneProgress: false, showDocument: { support: true } },
        experimental: EXPERIMENTAL,
      },
    });
    await this.connection.sendNotification("initialized", {});
  }

  private hear(remember: () => unknown): void {
    remember();
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((resolve) => {
      resolve();
    });
  }
}
