import { l10n } from "vscode";
import type { Server } from "./server";

/**
 * Carries out a command that not every server has. What it answers is read by whoever asked.
 *
 * @throws Error where this server does not have it.
 */
export async function ask(
  server: Pick<Server, "state" | "offers" | "request">,
  command: string,
  args: object,
): Promise<unknown> {
  if (server.state === "running" && !server.offers(command)) {
    throw new Error(l10n.t("This Berth server is too old for that: it has no {0}.", command));
  }
  return server.request("workspace/executeCommand", { command, arguments: [args] });
}
