import type { ImageProgress, SessionEvent } from "../generated/protocol";

/** The step that each session's build is at. */
export class Steps {
  private readonly latest = new Map<string, ImageProgress>();

  /** Takes an event: a step of a build, or that a new build begins. */
  take(session: string, event: SessionEvent): void {
    if (event.kind === "image.progress" && event.current) {
      this.latest.set(session, event);
    } else if (event.kind === "session.state" && (event.to === "planned" || event.to === "building")) {
      this.forget(session);
    }
  }

  find(session: string): ImageProgress | undefined {
    return this.latest.get(session);
  }

  forget(session: string): void {
    this.latest.delete(session);
  }
}
