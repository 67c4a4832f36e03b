import * as vscode from "vscode";

interface Changed {
  uri: vscode.Uri;
}

/** The part of VS Code's Git extension that is asked here: what it has read already. No git is run. */
interface Git {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): {
      state: { workingTreeChanges: Changed[]; indexChanges: Changed[]; untrackedChanges?: Changed[] };
    } | null;
  };
}

/** Whether VS Code's Git has something to show about a file. */
export function isChangedInGit(uri: vscode.Uri): boolean {
  const git = vscode.extensions.getExtension<Git & { enabled: boolean }>("vscode.git");
  const repository = git?.isActive && git.exports.enabled ? git.exports.getAPI(1).getRepository(uri) : undefined;
  if (!repository) {
    return false;
  }
  const { workingTreeChanges, indexChanges, untrackedChanges = [] } = repository.state;
  const all = [...workingTreeChanges, ...indexChanges, ...untrackedChanges];
  return all.some((change) => change.uri.toString() === uri.toString());
}
