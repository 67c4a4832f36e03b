import { type ExecFileException, execFile } from "node:child_process";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { isRecord } from "./records";

/** Milliseconds that an interpreter may take to say what it has. */
const PATIENCE = 15_000;

/** Whether an interpreter has Berth. Only asks whether the package is there: nothing of it is run. */
export function hasBerth(python: string): Promise<boolean> {
  return says(python, "import importlib.util as u; print(u.find_spec('berth') is not None)");
}

/** Whether an interpreter can make environments. One that is too old for the server does not know `-P`. */
export function canMakeEnvironments(python: string): Promise<boolean> {
  return says(python, "import importlib.util as u; print(u.find_spec('ensurepip') is not None)");
}

/** The interpreter that is chosen in the Python extension, if that is there. */
export async function chosenInterpreter(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>("ms-python.python");
  if (!extension) {
    return undefined;
  }
  const api = extension.isActive ? extension.exports : await extension.activate();
  return isRecord(api) ? interpreterOf(api["environments"]) : undefined;
}

/** Reads a path out of the Python extension's API, whose shape is its own affair. */
export async function interpreterOf(environments: unknown): Promise<string | undefined> {
  const active = await call(environments, "getActiveEnvironmentPath");
  const resolved = active && (await call(environments, "resolveEnvironment", active));
  const executable = isRecord(resolved) ? resolved["executable"] : undefined;
  const uri = isRecord(executable) ? executable["uri"] : undefined;
  return isRecord(uri) && typeof uri["fsPath"] === "string" ? uri["fsPath"] : undefined;
}

async function call(on: unknown, method: string, ...args: unknown[]): Promise<unknown> {
  const found = isRecord(on) ? on[method] : undefined;
  return typeof found === "function" ? found.apply(on, args) : undefined;
}

function says(python: string, code: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE, cwd: homedir() };
    execFile(python, ["-P", "-c", code], options, (error: ExecFileException | null, output: string) =>
      resolve(error === null && output.trim() === "True"),
    );
  });
}
