import { l10n } from "vscode";
import type { ImageProgress, SessionInfo } from "../generated/protocol";

/** What a progress notification says, and how far it is, in percent; undefined where nobody knows. */
export interface Step {
  message: string;
  percent: number | undefined;
}

/** Characters of a build step that a notification has room for. */
const WIDTH = 60;

/** How far a session that is coming up has come. */
export function step(info: SessionInfo, image: ImageProgress | undefined): Step {
  if (info.state === "building") {
    return building(image);
  }
  const message = info.state === "starting" ? l10n.t("Starting the container") : l10n.t("Getting ready");
  return { message: info.activity ? `${message}: ${info.activity}` : message, percent: undefined };
}

function building(image: ImageProgress | undefined): Step {
  if (!image?.current || !image.total) {
    return { message: l10n.t("Building image"), percent: undefined };
  }
  return {
    message: l10n.t("Building image {0}/{1}: {2}", image.current, image.total, short(image.step)),
    percent: Math.min(100, (100 * (image.current - 1)) / image.total),
  };
}

function short(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}
