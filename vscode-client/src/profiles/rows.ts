import { l10n } from "vscode";
import type { ProfileInfo, TemplateInfo } from "../generated/protocol";
import { oneLine } from "../text";

/** Characters of a detail that a list has room for. */
const WIDTH = 140;

/** One profile as a list shows it. */
export interface ProfileRow {
  label: string;
  description: string;
  detail: string;
  name: string;
  profile: ProfileInfo;
}

/** One template as a list shows it. */
export interface TemplateRow {
  label: string;
  description: string;
  detail: string;
  template: TemplateInfo;
}

/** Profiles by name, the default one first, each with what it is or why it cannot be used. */
export function profileRows(profiles: readonly ProfileInfo[]): ProfileRow[] {
  const ordered = [...profiles].sort(
    (a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name),
  );
  return ordered.map((profile) => ({
    label: profile.name,
    description: [profile.isDefault ? l10n.t("default") : "", layerName(profile.layer)].filter(Boolean).join(" · "),
    detail: profile.problem ? `$(error) ${oneLine(profile.problem, WIDTH)}` : oneLine(profile.summary, WIDTH),
    name: profile.name,
    profile,
  }));
}

/** Templates in their order, each with whose settings it goes into. */
export function templateRows(templates: readonly TemplateInfo[]): TemplateRow[] {
  return templates.map((template) => ({
    label: template.title,
    description: template.scope === "user" ? l10n.t("into your own settings") : l10n.t("into the workspace's settings"),
    detail: template.description,
    template,
  }));
}

/** What is wrong with a name for a new profile; undefined when nothing is. The rule is the server's. */
export function nameProblem(name: string, taken: readonly ProfileInfo[]): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name)) {
    return l10n.t("Letters, digits, and after the first one also _ . - are allowed.");
  }
  return taken.some((profile) => profile.name === name) ? l10n.t("There is a profile {0} already.", name) : undefined;
}

/** A name that is free, like `python` or `python-2`. */
export function freeName(wanted: string, taken: readonly ProfileInfo[]): string {
  const isTaken = (name: string): boolean => taken.some((profile) => profile.name === name);
  let name = wanted;
  for (let number = 2; isTaken(name); number += 1) {
    name = `${wanted}-${number}`;
  }
  return name;
}

function layerName(layer: string): string {
  const names: Record<string, string> = {
    user: l10n.t("your settings"),
    editor: l10n.t("your settings"),
    workspace: l10n.t("workspace"),
  };
  return names[layer] ?? layer;
}
