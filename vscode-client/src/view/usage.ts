import { l10n } from "vscode";
import type { Usage } from "../generated/protocol";

/** What a conversation has used, as a short line; empty when nobody said anything. */
export function usageText(usage: Usage): string {
  return [tokens(usage), cost(usage)].filter(Boolean).join(" · ");
}

function tokens({ used, size, inputTokens, outputTokens }: Usage): string {
  if (used != null && size != null) {
    return l10n.t("{0} of {1} tokens", short(used), short(size));
  }
  const total = used ?? (inputTokens == null && outputTokens == null ? null : (inputTokens ?? 0) + (outputTokens ?? 0));
  return total == null ? "" : l10n.t("{0} tokens", short(total));
}

function cost({ cost, currency }: Usage): string {
  if (cost == null) {
    return "";
  }
  const amount = cost > 0 && cost < 0.01 ? cost.toPrecision(1) : cost.toFixed(2);
  return currency == null || currency === "USD" ? `$${amount}` : `${amount} ${currency}`;
}

function short(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}
