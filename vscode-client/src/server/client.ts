import { homedir } from "node:os";
import type { LogOutputChannel } from "vscode";
import { LanguageClient, State, TransportKind } from "vscode-languageclient/node";
import { OWN_PART, withoutServerProgress, withScopes } from "./capabilities";
import { byScope } from "./configuration";
import { looking } from "./looking";
import type { Notices } from "./notices";
import type { Program } from "./program";
import type { ServerState } from "./state";
import { hearingTranscripts, showingTranscripts } from "./transcripts";

/** A client for one process of the server, not started yet. It runs in no workspace: Python would import from there. */
export function makeClient({ path, args }: Program, outputChannel: LogOutputChannel, notices: Notices): LanguageClient {
  const client = new LanguageClient(
    "berth",
    "Berth",
    { command: path, args, transport: TransportKind.stdio, options: { cwd: homedir() } },
    {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
      initializationOptions: { berth: OWN_PART },
      outputChannel,
      middleware: {
        workspace: { configuration: byScope(looking) },
        window: { showDocument: showingTranscripts((session) => notices.wanted.fire(session)) },
      },
    },
  );
  client.registerFeature(withoutServerProgress);
  client.registerFeature(withScopes);
  client.registerFeature(hearingTranscripts(client, (session) => notices.transcript.fire(session)));
  notices.listen(client);
  return client;
}

/** The library's word for a state in ours. */
export function stateOf(state: State): ServerState {
  return STATES[state];
}

const STATES: Record<State, ServerState> = {
  [State.Starting]: "starting",
  [State.Running]: "running",
  [State.Stopped]: "stopped",
  [State.StartFailed]: "stopped",
};
