import * as vscode from "vscode";
import type { Berth } from "../berth";
import { type Attached, activeSelection, attachedFiles } from "../selection";
import { showTranscript } from "../transcript/show";
import { askPrompt } from "./ask-prompt";
import { offerTemplates } from "./edit-profiles";
import { pickFolder } from "./pick-folder";
import { type PickedProfile, pickProfile } from "./pick-profile";
import { isTrusted } from "./trusted";

/** Starts a session: folder and profile where there is a choice, then the first prompt. Escape at any step starts nothing. */
export async function start(berth: Berth): Promise<void> {
  const folder = isTrusted() ? await pickFolder() : undefined;
  const profile = folder && (await pickProfile(berth, folder));
  if (folder && profile) {
    await begin(berth, { folder, profile, attached: activeSelection() });
  }
}

/** Starts a session with a profile that is asked for, even where there is only one. */
export async function startWithProfile(berth: Berth): Promise<void> {
  const folder = isTrusted() ? await pickFolder() : undefined;
  const profile = folder && (await pickProfile(berth, folder, 1));
  if (folder && profile?.name) {
    await begin(berth, { folder, profile, attached: activeSelection() });
  } else if (folder && profile) {
    await offerTemplates();
  }
}

/** Starts a session about files and folders, in the folder that they are in. */
export async function startWithFiles(berth: Berth, uris: readonly vscode.Uri[]): Promise<void> {
  const [first] = uris;
  const folder = first && isTrusted() ? vscode.workspace.getWorkspaceFolder(first) : undefined;
  const profile = folder && (await pickProfile(berth, folder));
  if (folder && profile) {
    await begin(berth, { folder, profile, attached: await attachedFiles(uris) });
  }
}

interface Beginning {
  folder: vscode.WorkspaceFolder;
  profile: PickedProfile;
  attached: Attached | undefined;
}

async function begin(berth: Berth, { folder, profile, attached }: Beginning): Promise<void> {
  const prompt = await askPrompt(attached?.title, { optional: true });
  if (prompt === undefined) {
    return;
  }
  const info = await berth.server.run("agent.start", {
    workspaceFolder: folder.uri.fsPath,
    ...(profile.name && { profile: profile.name }),
    ...(prompt && { prompt, context: attached?.items ?? [] }),
  });
  berth.sessions.put(info);
  await showTranscript(info);
}
