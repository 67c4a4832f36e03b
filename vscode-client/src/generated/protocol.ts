// Generated from the Python models by generate.py. Do not edit.

/** Adds a profile: a copy of a template, or one that is given. */
export interface AddProfileArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  name: string;
  /** Name of a template; or `profile`. */
  template?: string | null;
  /** The profile as in the settings; or `template`. */
  profile?: Record<string, unknown> | null;
  /** Which settings file; the template's own when absent, else the workspace's. */
  scope?: "workspace" | "user" | null;
  /** Also makes it the default profile of that file. */
  makeDefault?: boolean;
}

/**
 * Something of the agent that `agent.setOption` can change: its mode, its model, a config option.
 *
 * `type` is `select` (one of `choices`) or `boolean` (`"true"` or `"false"`).
 */
export interface AgentOption {
  id: string;
  name: string;
  category: string;
  type: "select" | "boolean";
  value: string;
  choices: Choice[];
  description: string;
}

/**
 * The session did more than it may, and its container was paused: nothing in it runs until somebody lets it go on.
 *
 * `ceiling`: `output`, what it printed a second; `disk`, what is left on a disk that it writes to;
 * `processes`, as many as it may have, and it tried to start more. A question of purpose `ceiling` follows.
 */
export interface CeilingPassed {
  kind: "ceiling.passed";
  ceiling: "output" | "disk" | "processes";
  message: string;
  hint: string;
}

/** One check of the doctor. */
export interface Check {
  name: string;
  ok: boolean;
  message: string;
  hint: string;
}

/** One value of an agent option. */
export interface Choice {
  value: string;
  name: string;
  description: string;
}

/** The agent's slash commands, whole. */
export interface CommandsChanged {
  kind: "commands";
  commands: SlashCommand[];
}

/**
 * Something happened to the container; in mode `host` to the process, and then `container` is absent.
 *
 * `spare`: with `created`, it had been started ahead and waited for a session like this one. `confinement`: with
 * `started`, what was seen of it before anything of the user's went in: limits as the engine has them, and what the
 * kernel says of its first process.
 */
export interface ContainerState {
  kind: "container.state";
  status: "created" | "started" | "paused" | "unpaused" | "exited" | "removed";
  container?: string | null;
  imageDigest?: string | null;
  spare?: boolean | null;
  exit?: Exit | null;
  confinement?: Record<string, string> | null;
}

/** Copies a profile as it is written, with the comments in it. */
export interface CopyProfileArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  name: string;
  to: string;
  /** Settings file of the copy; when absent, the one where the profile stands. */
  scope?: "workspace" | "user" | null;
}

/**
 * The session used one of the user's keys through the broker. `name` is the variable that stands for it.
 *
 * `count` is how often by now; told at the 1st, 10th, 100th time and so on.
 */
export interface CredentialUsed {
  kind: "credential.used";
  name: string;
  host: string;
  port: number;
  count: number;
}

/**
 * The broker refused a request. `count` is how often by now; told at the 1st, 10th, 100th time and so on.
 *
 * `why`: `request`, it was not written in the one way that is taken; `sentinel`, it showed something else than
 * what stands for a key of the session; `route`, the key is not for that; `no-key`, the key is not known now,
 * since the broker was started anew; `unreachable`, `answer`: the key's host does not answer, or cannot be
 * understood.
 */
export interface CredentialWithheld {
  kind: "credential.withheld";
  why: string;
  count: number;
}

/** The diagnostics of a document, as the editor last sent them with a code action. */
export interface DiagnosticsContext {
  diagnostics: string;
}

/** A change to one file. `old` is None for a new file. Paths are absolute, as on the host. */
export interface DiffContent {
  type: "diff";
  path: string;
  old?: string | null;
  new: string;
}

/** Asks what Berth's things take on the engine's disk. */
export type DiskArguments = Record<string, never>;

/**
 * One thing on the engine's disk. `size` in bytes, absent where the engine does not tell.
 *
 * `session` is whose it is, where it is one session's. `used`: a container, running or not, needs it.
 */
export interface DiskItem {
  what: "session" | "container" | "volume" | "image";
  name: string;
  size?: number | null;
  session?: string | null;
  used: boolean;
}

/**
 * What Berth's things take. `build_cache` and `layers` are the engine's, and not Berth's alone.
 *
 * The size of an image counts the layers that it shares with others. `journals` are Berth's own files.
 */
export interface DiskReport {
  items: DiskItem[];
  journals: number;
  buildCache: number;
  layers: number;
}

/** Every check, in order. `ok` when all of them are. */
export interface DoctorResult {
  ok: boolean;
  checks: Check[];
}

/** A file or a part of it: read from the open buffer if there is one, else from disk. */
export interface DocumentContext {
  uri: string;
  range?: Range | null;
}

/**
 * The `data` of a failed request, and the reason of a failed session: see :mod:`berth.errors`.
 *
 * `file`, a path below the workspace, and `line`, from 1, are where it can be mended, when that is known.
 */
export interface ErrorData {
  kind: string;
  message: string;
  hint: string;
  docs?: string | null;
  file?: string | null;
  line?: number | null;
}

/**
 * How a container ended. `code` is the process's own; `reason` one sentence for people.
 *
 * `last_lines` are the last lines that the agent printed, where it did not end of its own will.
 */
export interface Exit {
  code?: number | null;
  outOfMemory: boolean;
  reason: string;
  lastLines: string[];
}

/** Paths that changed in the workspace during the turn, measured from the workspace; absolute, as on the host. */
export interface FilesChanged {
  kind: "files.changed";
  paths: string[];
  truncated: boolean;
}

/** What the engine's health check says of the container, where somebody asked for one. */
export interface HealthChanged {
  kind: "health";
  health: "starting" | "healthy" | "unhealthy";
}

/**
 * A step of a build or pull. `current`/`total` count steps, or layers of a pull.
 *
 * `log` is one line of the step's own output. `bytesDone` of `bytesTotal` have been fetched, where that is told.
 */
export interface ImageProgress {
  kind: "image.progress";
  step: string;
  current?: number | null;
  total?: number | null;
  cached: boolean;
  log?: string | null;
  bytesDone?: number | null;
  bytesTotal?: number | null;
}

/**
 * A question that waits for a person.
 *
 * `detail` is Markdown by Berth, already made safe. `tool` names the tool call a permission is about.
 * `fields` is the JSON Schema of a form, `url` the page to visit, `ceiling` the one that was passed; each only
 * for its own purpose.
 */
export interface InputRequest {
  request: string;
  purpose: "permission" | "form" | "url" | "trust" | "network" | "ceiling";
  title: string;
  detail: string;
  tool?: string | null;
  options: Option[];
  fields?: Record<string, unknown> | null;
  url?: string | null;
  ceiling?: "output" | "disk" | "processes" | null;
}

/** A person is asked. */
export interface InputRequested {
  kind: "input.requested";
  input: InputRequest;
}

/** A question was answered; `option` None: cancelled. `by` names the client, or why it was automatic. */
export interface InputResolved {
  kind: "input.resolved";
  request: string;
  option?: string | null;
  by: string;
  automatic: boolean;
}

/** What was tried in the container before its agent was let go, and held. A check that fails ends the start. */
export interface IsolationProved {
  kind: "isolation.proved";
  checks: string[];
}

/** The session's container has other limits from now on. */
export interface LimitsChanged {
  kind: "limits.changed";
  limits: SessionLimits;
}

/** The limits that hold now. `notes` tell where less was given than was asked for. */
export interface LimitsResult {
  memory: number;
  cpus: number;
  pids: number;
  notes: string[];
}

/** A place in a file; `line` counts from 0. */
export interface Location {
  path: string;
  line?: number | null;
}

/** Opens an agent's own login, or copies this machine's into the container's HOME. */
export interface LoginArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Name of an agent; the profile's, else `berth.agent`. */
  agent?: string | null;
  /** Name of a profile; `docker.defaultProfile` when absent. */
  profile?: string | null;
  /** Copies the login that the agent has on this machine, and opens nothing. */
  copy?: boolean;
}

/**
 * How to log in: the program and arguments for the editor's terminal, its title, and what to do there.
 *
 * With `copy`, `argv` is empty and `copied` names the files that were copied.
 */
export interface LoginResult {
  argv: string[];
  title: string;
  note: string;
  copied: string[];
}

/** Asks for raw output of the container; `tail` lines at most. */
export interface LogsArguments {
  session: string;
  tail?: number;
}

/** Raw output, oldest first, undecodable bytes replaced. */
export interface LogsResult {
  text: string;
}

/** The session reached a host for the first time, through Berth's proxy. */
export interface NetworkAllowed {
  kind: "network.allowed";
  host: string;
  port: number;
}

/**
 * The session was kept from a host. `count` is how often by now; told at the 1st, 10th, 100th time and so on.
 *
 * `why`: `not-listed`; `not-public`, the name leads to an address that is not on the internet; `other-name`,
 * the TLS greeting was for another host; `not-tls`, something else than TLS was spoken, or TLS that hides its name.
 */
export interface NetworkBlocked {
  kind: "network.blocked";
  host: string;
  port: number;
  why: string;
  count: number;
}

/** Takes nothing. */
export type NoArguments = Record<string, never>;

/** Output of the agent program that is not its protocol: kept, never interpreted. At most 16 KiB an event. */
export interface Noise {
  kind: "noise";
  stream: "stdout" | "stderr";
  text: string;
  why: string;
}

/** Nothing to say: the effect comes as events. */
export type Nothing = Record<string, never>;

/** Something a person should know that fits nowhere else. */
export interface Notice {
  kind: "notice";
  severity: "info" | "warning" | "error";
  message: string;
}

/** One answer that a question offers. */
export interface Option {
  id: string;
  name: string;
  kind: OptionKind;
}

/** What choosing an option of a permission means. What an agent invents is `other` and never automatic. */
export type OptionKind = "allow_once" | "allow_always" | "reject_once" | "reject_always" | "other";

/** Modes, models and config options of the agent, whole. */
export interface OptionsChanged {
  kind: "config";
  options: AgentOption[];
}

/** More Markdown text of a part. */
export interface PartDelta {
  kind: "part.delta";
  part: string;
  text: string;
}

/** A new stretch of agent text or thought begins; its deltas follow under the same part id. */
export interface PartStarted {
  kind: "part.started";
  part: string;
  of: "message" | "thought" | "user";
}

/** The fields that decide what a session will be. Everything is optional. */
export interface PlanArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Name of a profile; `docker.defaultProfile` when absent. */
  profile?: string | null;
  /** Name of an agent; the profile's, else `berth.agent`. */
  agent?: string | null;
  /** Image reference; wins over every setting. */
  image?: string | null;
  /** Dockerfile in the workspace; wins over every setting but `image`. */
  dockerfile?: string | null;
  /** Whether an image that Berth builds is built when it is absent or stale. */
  build?: "auto" | "force" | "never";
  /** Variables for this session only. */
  env?: Record<string, string>;
  /** Env file for this session, relative to the workspace. */
  envFile?: string | null;
  /** Names to forward from the editor's environment. */
  forwardEnv?: string[];
  /** Flags of `docker run`, after those of the profile. */
  dockerArgs?: string[];
  /** Mounts as in a profile's `volumes`, beside those of the profile. */
  mounts?: string[];
  /** What the session may use. */
  resources?: ResourceArguments | null;
  /** `host`: no container; else what was toggled for the workspace, else `berth.mode`. */
  mode?: "container" | "host" | null;
}

/**
 * Something in a plan that whoever wrote it may not decide alone.
 *
 * `level`: `ask` takes a person's yes; `user` may stand in the user's own settings only; `policy` is above a
 * ceiling of `berth.policy`. The last two are refused.
 */
export interface PlanBreach {
  what: string;
  value: string;
  level: "ask" | "user" | "policy";
  layer: string;
  place: string;
  why: string;
}

/** One item of the agent's to-do list. */
export interface PlanEntry {
  content: string;
  status: "pending" | "in_progress" | "completed";
  priority: string;
}

/** One decision of a plan. `value` is already redacted; `layer` and `place` say where it came from. */
export interface PlanLine {
  what: string;
  value: string;
  layer: string;
  place: string;
  why: string;
}

/**
 * A plan explained; nothing was started. No `image` in mode `host`.
 *
 * `trusted`: no yes is needed, or it was given already.
 */
export interface PlanResult {
  workspaceFolder: string;
  agent: string;
  mode: "container" | "host";
  image?: string | null;
  lines: PlanLine[];
  notes: string[];
  breaches: PlanBreach[];
  trusted: boolean;
  /** Lines for a shell that make the same container with `docker run`; empty where there is none. */
  command: string;
  /** All of this for people. */
  markdown: string;
}

/** The agent's own to-do list, whole. */
export interface PlanUpdated {
  kind: "plan.updated";
  entries: PlanEntry[];
}

/** A place in a document: line and character from 0, in the connection's negotiated position encoding. */
export interface Position {
  line: number;
  character: number;
}

/**
 * What was changed, and the profiles as they are with it.
 *
 * `file` is the URI of the settings file. `unsaved`: it was open with unsaved changes, so the change is in the
 * editor's buffer and counts as soon as that is saved.
 */
export interface ProfileEdited {
  file: string;
  unsaved: boolean;
  profiles: ProfilesResult;
}

/** A profile as it comes out of all layers. One with a `problem`, which is a sentence, cannot be used. */
export interface ProfileInfo {
  name: string;
  layer: string;
  place: string;
  inherits: string[];
  agent?: string | null;
  image?: string | null;
  isDefault: boolean;
  problem?: string | null;
  summary: string;
}

/** Asks for all profiles of a workspace folder. */
export interface ProfilesArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
}

/** All profiles, in the order of the layers; `default` names the one of a session that names none. */
export interface ProfilesResult {
  default?: string | null;
  profiles: ProfileInfo[];
  templates: TemplateInfo[];
}

/** Sends a prompt; queued while a turn runs. */
export interface PromptArguments {
  session: string;
  text: string;
  context?: (DocumentContext | DiagnosticsContext | TextContext)[];
}

/** The turn the prompt became. `queued` is its place in the queue, 0 when it runs now. */
export interface PromptResult {
  turn: string;
  queued: number;
}

/** Removes what nobody needs any more, or tells what it would remove. */
export interface PruneArguments {
  /** Tells, and removes nothing. */
  dryRun?: boolean;
  /** Sessions that ended so long ago, such as `7d`; what `docker.keepStopped` says when absent. */
  olderThan?: string | null;
  /** Also what holds something that cannot be had again: logins, and conversations that could go on. */
  force?: boolean;
}

/** What was removed, or would be; and what stays although it looks like leftovers, each with its reason. */
export interface PruneResult {
  dryRun: boolean;
  removed: PrunedItem[];
  kept: PrunedItem[];
  /** Bytes, as far as the engine tells; shared layers stay. */
  size: number;
}

/** One thing: what it is, and why it goes or stays. */
export interface PrunedItem {
  what: "session" | "container" | "volume" | "image";
  name: string;
  why: string;
  size?: number | null;
}

/** A stretch of a document; `end` is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

/** A well-formed message of the agent that Berth does not know. */
export interface Raw {
  kind: "raw";
  frame: unknown;
}

/** Plans again, builds, replaces the container, resumes the conversation where the agent can. */
export interface RebuildArguments {
  session: string;
  noCache?: boolean;
  pull?: boolean;
}

/** Removes container and journal. `force` also ends a running session. */
export interface RemoveArguments {
  session: string;
  force?: boolean;
}

/** Removes a profile that no other one extends, and the `defaultProfile` of the same file when it names it. */
export interface RemoveProfileArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Which settings file; when absent, the one where the profile stands. */
  scope?: "workspace" | "user" | null;
  name: string;
}

/** Renames a profile, also in the `extends` of others and in `defaultProfile` of the same file. */
export interface RenameProfileArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Which settings file; when absent, the one where the profile stands. */
  scope?: "workspace" | "user" | null;
  name: string;
  to: string;
}

/** Asks for events again, from a number on. */
export interface ReplayArguments {
  session: string;
  from: number;
  limit?: number;
}

/**
 * Events in order. `next` is the number to ask for next; `complete` when there is none yet.
 *
 * `first` is the number of the first one: later than asked for where older events are no longer kept.
 */
export interface ReplayResult {
  session: string;
  first: number;
  events: (Record<string, unknown>)[];
  next: number;
  complete: boolean;
}

/** What a session may use, as in the settings `docker.resources`; each limit replaces the settings' one. */
export interface ResourceArguments {
  /** Such as `4g`; a number is bytes. */
  memory?: number | string | null;
  /** Such as `2` or `1.5`. */
  cpus?: number | string | null;
  /** Processes and threads. */
  pids?: number | null;
  /** Size of `/dev/shm`, such as `1g`. */
  shm?: number | string | null;
  /** `all`, a number, or a list of indexes or UUIDs. */
  gpus?: number | string | string[] | null;
  /** Such as `90m` or `2h`. */
  timeLimit?: string | null;
  /** Without a turn or an open question, such as `30m`. */
  idleLimit?: string | null;
  /** What it may print a second, such as `8m`. */
  output?: number | string | null;
  /** What stays free on its disks, such as `1g`. */
  keepFree?: number | string | null;
}

/** Answers a question: `option` (an option's id or kind), `values` (a form), or neither (cancel). */
export interface RespondArguments {
  session: string;
  request: string;
  option?: string | null;
  values?: Record<string, unknown> | null;
}

/** Names one session. */
export interface SessionArguments {
  session: string;
}

/**
 * Everything about a session that a list or a status bar shows. Always sent whole: replace, never merge.
 *
 * Times are Unix milliseconds. `activity` is a short phrase such as `Editing hello.txt` or `Step 3 of 9`.
 * `mode` `host`: the agent is a plain process; there is neither image nor container, and the name says so.
 * `network` is what its container may reach. `seq` is the number of the newest event. `queued` counts prompts
 * that wait for the running turn. `outdated`: the settings changed since it was started, and `agent.rebuild`
 * applies them.
 */
export interface SessionInfo {
  id: string;
  name: string;
  workspaceFolder: string;
  profile?: string | null;
  agent: string;
  mode: "container" | "host";
  state: State;
  activity?: string | null;
  image?: string | null;
  container?: string | null;
  startedAt: number;
  turn?: TurnInfo | null;
  queued: number;
  inputNeeded: InputRequest[];
  options: AgentOption[];
  usage?: Usage | null;
  exit?: Exit | null;
  error?: ErrorData | null;
  endedAt?: number | null;
  limits?: SessionLimits | null;
  network?: "allowlist" | "open" | "none" | "host" | null;
  health?: "starting" | "healthy" | "unhealthy" | null;
  outdated: boolean;
  seq: number;
}

/** What a session's container may use at present: `memory` in bytes, swap included, `cpus` in cores. */
export interface SessionLimits {
  memory: number;
  cpus: number;
  pids: number;
}

/** All sessions of the host, oldest first: a plain list on the wire. */
export type SessionList = SessionInfo[];

/**
 * What a session uses at one moment. Sizes in bytes; of network and disk since its container was started.
 *
 * `cpu` is in percent of one core: 200 means two cores. What the engine does not tell is absent.
 */
export interface SessionStats {
  session: string;
  at: number;
  cpu?: number | null;
  memory?: number | null;
  memoryLimit?: number | null;
  pids?: number | null;
  received?: number | null;
  sent?: number | null;
  diskRead?: number | null;
  diskWritten?: number | null;
}

/** Sets the default profile; null for none. */
export interface SetDefaultProfileArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Which settings file; when absent, the one where the profile stands. */
  scope?: "workspace" | "user" | null;
  /** Name of a profile; null takes the setting out. */
  name: string | null;
}

/** Gives a running session other limits; what is absent stays as it is. A rebuild keeps them. */
export interface SetLimitsArguments {
  session: string;
  /** Such as `4g`; a number is bytes. */
  memory?: number | string | null;
  /** Such as `2` or `1.5`. */
  cpus?: number | string | null;
  /** Processes and threads. */
  pids?: number | null;
}

/** Changes a mode, model or config option of the agent. */
export interface SetOptionArguments {
  session: string;
  option: string;
  value: string;
}

/** The program and arguments that open a shell where the agent runs, for the editor's terminal. */
export interface ShellResult {
  argv: string[];
}

/** A command the agent understands at the start of a prompt. */
export interface SlashCommand {
  name: string;
  description: string;
}

/** A whole session: its info, and the transcript as Markdown up to `seq`. */
export interface SnapshotResult {
  info: SessionInfo;
  transcript: string;
  seq: number;
}

/** What the session adds to a body. `at` is Unix milliseconds. */
export interface Stamp {
  seq: number;
  at: number;
  turn?: string | null;
}

/** Starts a session and answers at once. */
export interface StartArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** Name of a profile; `docker.defaultProfile` when absent. */
  profile?: string | null;
  /** Name of an agent; the profile's, else `berth.agent`. */
  agent?: string | null;
  /** Image reference; wins over every setting. */
  image?: string | null;
  /** Dockerfile in the workspace; wins over every setting but `image`. */
  dockerfile?: string | null;
  /** Whether an image that Berth builds is built when it is absent or stale. */
  build?: "auto" | "force" | "never";
  /** Variables for this session only. */
  env?: Record<string, string>;
  /** Env file for this session, relative to the workspace. */
  envFile?: string | null;
  /** Names to forward from the editor's environment. */
  forwardEnv?: string[];
  /** Flags of `docker run`, after those of the profile. */
  dockerArgs?: string[];
  /** Mounts as in a profile's `volumes`, beside those of the profile. */
  mounts?: string[];
  /** What the session may use. */
  resources?: ResourceArguments | null;
  /** `host`: no container; else what was toggled for the workspace, else `berth.mode`. */
  mode?: "container" | "host" | null;
  /** Id of the new session; made up when absent. */
  session?: string | null;
  /** What people call it. */
  name?: string | null;
  /** First prompt, sent when the agent is ready. */
  prompt?: string | null;
  /** What goes with the first prompt. */
  context?: (DocumentContext | DiagnosticsContext | TextContext)[];
}

/** Where a session is. The allowed moves stand in `berth.sessions.states`. */
export type State = "planned" | "building" | "starting" | "idle" | "working" | "waiting" | "stopping" | "stopped" | "failed";

/** The session went from one state to another. `why` is a sentence where there is something to say. */
export interface StateChanged {
  kind: "session.state";
  from: State;
  to: State;
  why: string;
  error?: ErrorData | null;
}

/** Stops the session by the ladder; the container stays and can be restarted. */
export interface StopArguments {
  session: string;
  /** Seconds for each rung; those of `docker.stop` when absent. */
  grace?: number | null;
}

/** One rung of the stop ladder and what came of it. */
export interface StopStep {
  kind: "stop.step";
  step: "cancel" | "SIGINT" | "SIGTERM" | "SIGKILL";
  outcome: "ended" | "still-running" | "failed";
}

/** A profile to start from. `scope` is the settings file that it is meant for. */
export interface TemplateInfo {
  name: string;
  title: string;
  description: string;
  scope: "workspace" | "user";
}

/** Output of a command the agent ran. Missing `exit_code`: still running. */
export interface TerminalContent {
  type: "terminal";
  output: string;
  exitCode?: number | null;
}

/** Text a tool was given or gave. */
export interface TextContent {
  type: "text";
  text: string;
}

/** Plain text. */
export interface TextContext {
  text: string;
}

/** More of what the agent thinks aloud. */
export interface ThoughtDelta {
  kind: "thought.delta";
  part: string;
  text: string;
}

/** Says where agents of a workspace run from the next start on; remembered. */
export interface ToggleArguments {
  /** Path or file URI; the connection's only workspace folder when absent. */
  workspaceFolder?: string | null;
  /** The other one than now when absent. */
  mode?: "container" | "host" | null;
}

/** Where agents of this workspace run from the next start on. */
export interface ToggleResult {
  workspaceFolder: string;
  mode: "container" | "host";
}

/** A tool call ended: completed, failed or cancelled. */
export interface ToolEnded {
  kind: "tool.ended";
  tool: string;
  title: string;
  family: string;
  status: "streaming" | "pending-confirmation" | "running" | "auth-required" | "pending-result-confirmation" | "completed" | "failed" | "cancelled";
  locations: Location[];
  content: (TextContent | DiffContent | TerminalContent)[];
  rawInput?: unknown | null;
}

/** A tool call was announced. */
export interface ToolStarted {
  kind: "tool.started";
  tool: string;
  title: string;
  family: string;
  status: "streaming" | "pending-confirmation" | "running" | "auth-required" | "pending-result-confirmation" | "completed" | "failed" | "cancelled";
  locations: Location[];
  content: (TextContent | DiffContent | TerminalContent)[];
  rawInput?: unknown | null;
}

/** A tool call went on. */
export interface ToolUpdated {
  kind: "tool.updated";
  tool: string;
  title: string;
  family: string;
  status: "streaming" | "pending-confirmation" | "running" | "auth-required" | "pending-result-confirmation" | "completed" | "failed" | "cancelled";
  locations: Location[];
  content: (TextContent | DiffContent | TerminalContent)[];
  rawInput?: unknown | null;
}

/** Writes the transcript as Markdown and, with `show`, opens it in the editor. */
export interface TranscriptArguments {
  session: string;
  show?: boolean;
}

/** Where the transcript is: a `berth:` or `file:` URI. */
export interface TranscriptResult {
  uri: string;
}

/** Shows what was allowed, and takes it back with `revoke`: one yes by its digest, or `all` of the workspace. */
export interface TrustArguments {
  /** Path or file URI; every workspace's when absent. Needed with `revoke`. */
  workspaceFolder?: string | null;
  /** Digest of the yes to take back, or `all`. */
  revoke?: string | null;
}

/** One yes that still holds. Times are Unix milliseconds. */
export interface TrustGrant {
  workspaceFolder: string;
  digest: string;
  asks: string[];
  receives: string[];
  at: number;
  until: number;
}

/** What holds now, and how many were taken back. */
export interface TrustResult {
  grants: TrustGrant[];
  revoked: number;
}

/** A turn is over. `duration` is in milliseconds. */
export interface TurnEnded {
  kind: "turn.ended";
  state: "complete" | "cancelled" | "error";
  stopReason: string;
  duration: number;
  error?: ErrorData | null;
}

/** The running turn, or the last one. `state` is None while it runs. */
export interface TurnInfo {
  id: string;
  prompt: string;
  startedAt: number;
  state?: "complete" | "cancelled" | "error" | null;
  stopReason?: string | null;
}

/** A prompt was sent. `context` lists what went with it, by URI or title. */
export interface TurnStarted {
  kind: "turn.started";
  prompt: string;
  context: string[];
}

/** What the conversation has used so far, as the agent says. Tokens; `cost` in `currency`. */
export interface Usage {
  used?: number | null;
  size?: number | null;
  inputTokens?: number | null;
  outputTokens?: number | null;
  cost?: number | null;
  currency?: string | null;
}

/** What the conversation has used so far. */
export interface UsageUpdated {
  kind: "usage";
  usage: Usage;
}

/** Asks to be told what a session uses, about once a second (`agent/stats`), or no longer. */
export interface WatchStatsArguments {
  session: string;
  /** `false`: no longer. Ends with the connection, too. */
  on?: boolean;
}

/**
 * One thing that could run on the user's machine. `path` is absolute, as on the host; `what` goes on from it.
 *
 * `warning`: git, an editor or a shell obeys it by itself; `info`: language servers, linters and installers do.
 */
export interface WritebackFinding {
  path: string;
  what: string;
  severity: "warning" | "info";
}

/**
 * What was written in the workspace and could run on the user's machine without anybody asking for it.
 *
 * `during` a turn, or `between` turns, when it may have been the person. `truncated`: not all was looked at, or
 * there is more.
 */
export interface WritebackFound {
  kind: "writeback.found";
  findings: WritebackFinding[];
  during: "turn" | "between";
  truncated: boolean;
}

/** What each server command takes and answers. */
export interface Commands {
  /** Start a session. */
  "agent.start": { arguments: StartArguments; result: SessionInfo };
  /** Send a prompt. */
  "agent.prompt": { arguments: PromptArguments; result: PromptResult };
  /** Cancel the running turn. */
  "agent.cancel": { arguments: SessionArguments; result: Nothing };
  /** Answer a question. */
  "agent.respond": { arguments: RespondArguments; result: Nothing };
  /** Stop a session. */
  "agent.stop": { arguments: StopArguments; result: SessionInfo };
  /** Restart the agent in its container. */
  "agent.restart": { arguments: SessionArguments; result: SessionInfo };
  /** Rebuild the container. */
  "agent.rebuild": { arguments: RebuildArguments; result: SessionInfo };
  /** Remove a session. */
  "agent.remove": { arguments: RemoveArguments; result: Nothing };
  /** List sessions. */
  "agent.list": { arguments: NoArguments; result: SessionList };
  /** Show a whole session. */
  "agent.snapshot": { arguments: SessionArguments; result: SnapshotResult };
  /** Repeat events. */
  "agent.replay": { arguments: ReplayArguments; result: ReplayResult };
  /** Explain what would run. */
  "agent.plan": { arguments: PlanArguments; result: PlanResult };
  /** List profiles and templates. */
  "agent.profiles": { arguments: ProfilesArguments; result: ProfilesResult };
  /** Add a profile to a settings file. */
  "agent.addProfile": { arguments: AddProfileArguments; result: ProfileEdited };
  /** Copy a profile. */
  "agent.copyProfile": { arguments: CopyProfileArguments; result: ProfileEdited };
  /** Rename a profile. */
  "agent.renameProfile": { arguments: RenameProfileArguments; result: ProfileEdited };
  /** Remove a profile. */
  "agent.removeProfile": { arguments: RemoveProfileArguments; result: ProfileEdited };
  /** Set the default profile. */
  "agent.setDefaultProfile": { arguments: SetDefaultProfileArguments; result: ProfileEdited };
  /** Show raw output. */
  "agent.logs": { arguments: LogsArguments; result: LogsResult };
  /** Open a shell. */
  "agent.shell": { arguments: SessionArguments; result: ShellResult };
  /** Change a mode or option. */
  "agent.setOption": { arguments: SetOptionArguments; result: Nothing };
  /** Show the transcript. */
  "agent.transcript": { arguments: TranscriptArguments; result: TranscriptResult };
  /** Show or take back what workspaces were allowed. */
  "agent.trust": { arguments: TrustArguments; result: TrustResult };
  /** Log in to an agent. */
  "agent.login": { arguments: LoginArguments; result: LoginResult };
  /** Switch between container and host. */
  "agent.toggle": { arguments: ToggleArguments; result: ToggleResult };
  /** Check this machine. */
  "agent.doctor": { arguments: NoArguments; result: DoctorResult };
  /** Follow what a session uses. */
  "agent.watchStats": { arguments: WatchStatsArguments; result: Nothing };
  /** Change a running session's limits. */
  "agent.setLimits": { arguments: SetLimitsArguments; result: LimitsResult };
  /** Show what is on the disk. */
  "agent.disk": { arguments: DiskArguments; result: DiskReport };
  /** Remove what nobody needs. */
  "agent.prune": { arguments: PruneArguments; result: PruneResult };
}

export type EventBody =
  | StateChanged
  | ImageProgress
  | ContainerState
  | TurnStarted
  | TurnEnded
  | PartStarted
  | PartDelta
  | ThoughtDelta
  | ToolStarted
  | ToolUpdated
  | ToolEnded
  | InputRequested
  | InputResolved
  | PlanUpdated
  | UsageUpdated
  | OptionsChanged
  | CommandsChanged
  | Notice
  | FilesChanged
  | WritebackFound
  | StopStep
  | IsolationProved
  | NetworkAllowed
  | NetworkBlocked
  | CredentialUsed
  | CredentialWithheld
  | LimitsChanged
  | CeilingPassed
  | HealthChanged
  | Noise
  | Raw;

/** A numbered event, flat. */
export type SessionEvent = Stamp & EventBody;

/** Events in order, numbered without gaps; `first` is the first one's number. */
export interface EventsNotification {
  session: string;
  first: number;
  events: SessionEvent[];
}

export const NOTIFICATIONS = {
  session: "agent/session",
  events: "agent/events",
  stats: "agent/stats",
  removed: "agent/removed",
} as const;

export const STATE_WORDS = {
  planned: "Off",
  building: "Building image",
  starting: "Starting",
  idle: "Running",
  working: "Running",
  waiting: "Waiting for you",
  stopping: "Stopping",
  stopped: "Off",
  failed: "Error",
} as const;

export const SETTINGS = [
  "agent",
  "agents",
  "mode",
  "docker.stop",
  "docker.onEditorExit",
  "docker.keepStopped",
  "docker.defaultProfile",
  "docker.defaultImage",
  "docker.dockerfile",
  "docker.devcontainer",
  "docker.pull",
  "docker.keepImages",
  "docker.agentLayer",
  "docker.login",
  "docker.prebuild",
  "docker.allowCustomImages",
  "docker.allowedImages",
  "docker.defaultEnvFile",
  "docker.forwardEnv",
  "docker.share",
  "docker.network",
  "docker.credentials",
  "docker.git",
  "docker.resources",
  "docker.spares",
  "docker.profiles",
  "keys",
  "policy",
] as const;
