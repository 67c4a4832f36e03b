import * as vscode from "vscode";
import type { Berth } from "../berth";
import { toItem } from "./item";
import type { Node } from "./node";
import { roots } from "./nodes";
import { Seldom } from "./seldom";

/**
 * Milliseconds between two drawings at least: an agent may tell of thousands of things a second. VS Code collects what is
 * asked of a view for 200 ms; sooner than that it would draw one thing twice, the second time while it draws the first.
 */
const PAUSE = 250;

/** Shows the sessions of this window in a view of their own, whose badge counts those that wait for a person. */
export function showSessions({ server, sessions, activities, stats }: Berth): vscode.Disposable {
  const change = new vscode.EventEmitter<undefined>();
  const all = (): Node[] =>
    roots({
      sessions: server.state === "running" ? sessions.all() : [],
      activity: (id) => activities.of(id),
      step: (id) => sessions.step(id),
      stats: (id) => stats.of(id),
    });
  const treeDataProvider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: change.event,
    getTreeItem: toItem,
    getChildren: (node) => node?.children ?? all(),
  };
  const view = vscode.window.createTreeView("berth.sessions", { treeDataProvider, showCollapseAll: true });
  const drawing = new Seldom(PAUSE, () => {
    change.fire(undefined);
    view.badge = badge(sessions.all().filter((info) => info.inputNeeded.length > 0).length);
  });
  const draw = (): void => drawing.soon();
  const look = (visible: boolean): void => {
    stats.look(visible);
    if (visible) {
      server.wake();
    }
  };
  look(view.visible);
  return vscode.Disposable.from(
    view,
    change,
    drawing,
    server.onState(draw),
    view.onDidChangeVisibility(({ visible }) => look(visible)),
    stats.onChange(draw),
    sessions.onChange(draw),
    activities.onChange(draw),
    vscode.workspace.onDidChangeWorkspaceFolders(draw),
  );
}

function badge(waiting: number): vscode.ViewBadge | undefined {
  const tooltip =
    waiting === 1 ? vscode.l10n.t("An agent waits for you") : vscode.l10n.t("{0} agents wait for you", waiting);
  return waiting === 0 ? undefined : { value: waiting, tooltip };
}
