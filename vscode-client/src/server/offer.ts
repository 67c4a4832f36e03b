import { l10n } from "vscode";
import type { Maker } from "./environment";
import type { Program } from "./program";

/** What is there to get a server with. */
export interface Means {
  /** Set where this extension brings a server and something can make an environment for it. */
  bundled: Maker | undefined;
  uv: string | undefined;
  pipx: string | undefined;
}

/** One way to a server. */
export type Way =
  | { label: string; does: "environment"; maker: Maker }
  | { label: string; does: "install"; program: Program }
  | { label: string; does: "setting" };

/** What the server is called where Python packages come from. */
const DISTRIBUTION = "agent-berth";

/** The ways to a server that there are here, the best first. */
export function ways({ bundled, uv, pipx }: Means): Way[] {
  const install = (label: string, path: string, args: string[]): Way => ({
    label,
    does: "install",
    program: { path, args },
  });
  return [
    ...(bundled ? [{ label: l10n.t("Set Up"), does: "environment", maker: bundled } as const] : []),
    ...(uv ? [install(l10n.t("Install with uv"), uv, ["tool", "install", DISTRIBUTION])] : []),
    ...(pipx ? [install(l10n.t("Install with pipx"), pipx, ["install", DISTRIBUTION])] : []),
    { label: l10n.t("Open Setting"), does: "setting" },
  ];
}

/** Says what is missing, and what the first of the ways does. */
export function missing([first]: readonly Way[]): string {
  if (first?.does === "environment") {
    return l10n.t(
      "Berth needs its server, which this extension brings. Set it up? The libraries it needs come from PyPI once, into a folder of this extension.",
    );
  }
  return first?.does === "install"
    ? l10n.t("The Berth server was not found. It is a program of its own.")
    : l10n.t(
        "The Berth server was not found. Install it (pip install agent-berth), or name its program in the setting berth.serverCommand.",
      );
}
