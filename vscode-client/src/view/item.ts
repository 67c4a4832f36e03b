import * as vscode from "vscode";
import type { Node } from "./node";

/** An entry as VS Code draws it. Text is text there, whoever wrote it. */
export function toItem(node: Node): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, collapsible(node));
  item.id = node.id;
  item.description = node.description ?? "";
  item.tooltip = node.tooltip ?? node.label;
  item.contextValue = node.traits;
  if (node.path !== undefined) {
    item.resourceUri = vscode.Uri.file(node.path);
    item.iconPath = vscode.ThemeIcon.File;
  }
  if (node.icon) {
    item.iconPath = themed(node.icon);
  }
  if (node.command) {
    item.command = { command: node.command, title: node.label, arguments: [node] };
  }
  return item;
}

/** What is open is so from the start, also before there is anything below it: VS Code would close it then. */
function collapsible({ open, children }: Node): vscode.TreeItemCollapsibleState {
  if (open) {
    return vscode.TreeItemCollapsibleState.Expanded;
  }
  return children.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
}

function themed({ name, color }: NonNullable<Node["icon"]>): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}
