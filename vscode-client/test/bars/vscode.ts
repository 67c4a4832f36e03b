/** A VS Code in which everything can be called and nothing happens, beside events, which are told. */
import { Disposable, EventEmitter, l10n } from "../unit/vscode";

/** Something that can be called, constructed and asked for any part, all of which are the same. */
const nothing: unknown = new Proxy(() => undefined, {
  get: (_, key) => (key === Symbol.toPrimitive || key === "then" ? undefined : nothing),
  apply: () => nothing,
  construct: () => nothing as object,
});

/** How often each thing that reaches the workbench was done. */
export const done: Record<string, number> = {};

function counted(name: string): () => void {
  return () => {
    done[name] = (done[name] ?? 0) + 1;
  };
}

export class Position {}
export class Range {}
export class TreeItem {}
export class ThemeIcon {}
export class ThemeColor {}
export class TabInputText {}
export const Uri = nothing;
export const env = nothing;
export const extensions = nothing;
export const languages = nothing;
export const tasks = nothing;
export const StatusBarAlignment = { Left: 1 };
export const ProgressLocation = { Notification: 15 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const ViewColumn = { Active: -1, Beside: -2 };
export const commands = { registerCommand: () => new Disposable(() => undefined), executeCommand: counted("command") };
export const workspace = new Proxy(
  { workspaceFolders: undefined, textDocuments: [], getConfiguration: () => ({ inspect: () => undefined }) },
  { get: (target, key) => (key in target ? Reflect.get(target, key) : () => new Disposable(() => undefined)) },
);
export const window = {
  createOutputChannel: () => ({
    append: counted("log"),
    replace: counted("log"),
    show: counted("show"),
    dispose: counted(""),
  }),
  createStatusBarItem: () => ({ show: counted("show"), dispose: counted("") }),
  createTreeView: (_: string, { treeDataProvider }: { treeDataProvider: { getChildren: () => unknown } }) => ({
    onDidChangeVisibility: () => new Disposable(() => undefined),
    children: () => treeDataProvider.getChildren(),
    visible: false,
    dispose: () => undefined,
  }),
  visibleTextEditors: [],
  tabGroups: { all: [], onDidChangeTabs: () => new Disposable(() => undefined) },
  onDidChangeTextEditorVisibleRanges: () => new Disposable(() => undefined),
  onDidCloseTerminal: () => new Disposable(() => undefined),
  showWarningMessage: async () => undefined,
  showErrorMessage: async () => undefined,
  showInformationMessage: async () => undefined,
  withProgress: async () => undefined,
};
export { Disposable, EventEmitter, l10n };
