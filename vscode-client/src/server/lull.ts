/** Does something once it has not been asked for during a pause: many changes at once are one. */
export class Lull {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pause: number,
    private readonly act: () => void,
  ) {}

  /** Asks for it. */
  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.act, this.pause);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
