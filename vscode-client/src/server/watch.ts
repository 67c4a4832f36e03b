import * as vscode from "vscode";
import type { Berth } from "../berth";
import { Lull } from "./lull";
import { fits } from "./version";

/** Milliseconds without another reason to restart before the server is: a setting changes with every key. */
const LULL = 500;

/** Keeps the list of sessions true to a server that comes and goes, and says what to do where there is none. */
export function watchServer(berth: Berth): vscode.Disposable {
  const { server } = berth;
  const restart = new Lull(LULL, () => void server.start());
  const told = new Set<string>();
  return vscode.Disposable.from(
    restart,
    server.onState((state) => {
      if (state === "running") {
        void refresh(berth);
        void checkVersion(berth, told);
      } else if (state === "missing") {
        void offerServer(berth);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.settingsChanged()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("berth.serverCommand")) {
        restart.later();
      }
    }),
  );
}

/** Offers the ways to a server, and starts the one that was got. */
export async function offerServer({ server, setup }: Berth): Promise<void> {
  if (await setup.offer()) {
    await server.start();
  }
}

/** What was not heard while there was no server is asked for: a window that was reloaded has heard nothing. */
async function refresh({ sessions, activities }: Berth): Promise<void> {
  await sessions.refresh();
  await Promise.all(sessions.all().map(({ id, seq }) => activities.catchUp(id, seq)));
}

/** Says once of each version that it does not fit this extension's. */
async function checkVersion(berth: Berth, told: Set<string>): Promise<void> {
  const { server, version } = berth;
  const found = server.version ?? vscode.l10n.t("of no known version");
  if (fits(server.version, version) || told.has(found)) {
    return;
  }
  told.add(found);
  const update = vscode.l10n.t("Get Another Server");
  const message = vscode.l10n.t(
    "The Berth server is {0}, this extension is {1}: some of it may not work. Update the older of the two.",
    found,
    version,
  );
  if ((await vscode.window.showWarningMessage(message, update)) === update) {
    await offerServer(berth);
  }
}
