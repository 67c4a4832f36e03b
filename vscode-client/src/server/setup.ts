import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import * as vscode from "vscode";
import { readBundle } from "./bundle";
import { Environment, type Maker } from "./environment";
import { type Means, missing, type Way, ways } from "./offer";
import { findProgram, type Places, type Program } from "./program";
import { canMakeEnvironments, chosenInterpreter, hasBerth } from "./python";
import { runLogged, runTask } from "./run";
import { findServer, isWithin } from "./sources";

/** Finds the server, and gets one where there is none. */
export class Setup {
  private readonly environment: Promise<Environment | undefined>;

  constructor(
    { extensionPath, globalStorageUri }: vscode.ExtensionContext,
    private readonly channel: vscode.LogOutputChannel,
  ) {
    const bundle = readBundle(join(extensionPath, "server"));
    this.environment = bundle.then((found) => found && new Environment(globalStorageUri.fsPath, found));
  }

  /** The server to start. One that this extension brought before is brought anew with a new version of it. */
  async find(): Promise<Program | undefined> {
    const environment = await this.environment;
    const found = await findServer({
      command: vscode.workspace.getConfiguration("berth").get<string[]>("serverCommand") ?? [],
      places: places(),
      environment: async () => (await environment?.python()) ?? (await this.renewed(environment)),
      interpreter: chosenInterpreter,
      hasBerth,
      folders: folders(),
    });
    return found;
  }

  /** Offers the ways to a server. True when there is one now that was not there before. */
  async offer(): Promise<boolean> {
    const offered = ways(await this.means());
    const picked = await vscode.window.showWarningMessage(missing(offered), ...offered.map(({ label }) => label));
    const way = offered.find(({ label }) => label === picked);
    return way !== undefined && this.take(way);
  }

  private async take(way: Way): Promise<boolean> {
    switch (way.does) {
      case "environment":
        return this.make(await this.environment, way.maker);
      case "install":
        return runTask(vscode.l10n.t("Install the Berth server"), way.program);
      case "setting":
        await vscode.commands.executeCommand("workbench.action.openSettings", "berth.serverCommand");
        return false;
    }
  }

  private async renewed(environment: Environment | undefined): Promise<string | undefined> {
    const maker = (await environment?.hadOne()) ? await findMaker() : undefined;
    return maker && (await this.make(environment, maker)) ? environment?.python() : undefined;
  }

  private async make(environment: Environment | undefined, maker: Maker): Promise<boolean> {
    const title = vscode.l10n.t("Setting up the Berth server");
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (_progress, token) => {
      try {
        await environment?.make(maker, (program) => runLogged(program, this.channel, token));
        return environment !== undefined;
      } catch (error) {
        this.channel.error(error instanceof Error ? error : String(error));
        const show = vscode.l10n.t("Show Logs");
        const message = vscode.l10n.t("The Berth server could not be set up. The log says why.");
        void vscode.window.showErrorMessage(message, show).then((picked) => picked && this.channel.show(true));
        return false;
      }
    });
  }

  private async means(): Promise<Means> {
    const [uv, pipx] = await Promise.all(["uv", "pipx"].map((name) => findProgram([name], places())));
    const bundled = (await this.environment) ? await findMaker() : undefined;
    return { bundled, uv: uv?.path, pipx: pipx?.path };
  }
}

/** What can make an environment here: uv, else a Python that can, outside the open folders. */
async function findMaker(): Promise<Maker | undefined> {
  const uv = await findProgram(["uv"], places());
  if (uv) {
    return { uv: uv.path };
  }
  const found = await Promise.all(["python3", "python"].map((name) => findProgram([name], places())));
  const pythons = [await chosenInterpreter(), ...found.map((program) => program?.path)];
  for (const python of pythons) {
    if (python !== undefined && !isWithin(python, folders()) && (await canMakeEnvironments(python))) {
      return { python };
    }
  }
  return undefined;
}

/** The search path, and where uv and pipx put programs, which is not always on it. */
function places(): Places {
  const home = homedir();
  return { searchPath: [process.env["PATH"] ?? "", join(home, ".local", "bin")].join(delimiter), home };
}

function folders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
