import { basename } from "node:path";
import { l10n } from "vscode";
import type { TrustGrant } from "../generated/protocol";

/** One yes as a list shows it. */
export interface GrantRow {
  label: string;
  description: string;
  detail: string;
  grant: TrustGrant;
}

/** What was allowed, the latest first. */
export function grantRows(grants: readonly TrustGrant[]): GrantRow[] {
  return [...grants]
    .sort((a, b) => b.at - a.at)
    .map((grant) => ({
      label: basename(grant.workspaceFolder),
      description: l10n.t("until {0}", new Date(grant.until).toISOString().slice(0, 10)),
      detail: [...grant.asks, ...grant.receives].join("; "),
      grant,
    }));
}
