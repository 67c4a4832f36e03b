import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** A step that builds an image may take this long, in milliseconds. */
export const BUILD = 600_000;

/** Every other wait. A person would have given up; a machine that does three other things besides has not. */
const WAIT = 120_000;

/** Milliseconds until the palette is asked for again, and how often it is. */
const AGAIN = 5000;
const TIMES = 12;

/** One VS Code window in a real browser, as a person uses it: keys, clicks and what is to be seen. */
export class Window {
  readonly page: Page;
  private readonly browser: Browser;
  private readonly folder: string;
  private pictures = 0;

  private constructor(browser: Browser, page: Page, folder: string) {
    this.browser = browser;
    this.page = page;
    this.folder = folder;
  }

  static async open(url: string, folder: string): Promise<Window> {
    mkdirSync(folder, { recursive: true });
    const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
    page.setDefaultTimeout(WAIT);
    await page.goto(url);
    await page.locator(".monaco-workbench .statusbar").waitFor();
    return new Window(browser, page, folder);
  }

  /** Runs a command as a person does: by its name in the palette. */
  async palette(name: string): Promise<void> {
    await this.openPalette(name);
    await this.page.keyboard.press("Enter");
  }

  /** The commands that the palette offers for a text. */
  async offered(text: string): Promise<string[]> {
    const rows = await this.openPalette(text);
    const names = await rows.allTextContents();
    await this.picture("palette");
    await this.page.keyboard.press("Escape");
    return names;
  }

  /** Loads the window anew, as a person does who closes and opens it. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
  }

  /** Picks an entry of the open list. */
  async pick(label: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: label });
    await row.first().waitFor();
    await this.picture("pick");
    await row.first().click();
  }

  /** Types into the open input box and accepts it. */
  async type(title: string, text: string): Promise<void> {
    const box = this.page.locator(".quick-input-widget", { hasText: title });
    await box.waitFor();
    await this.page.keyboard.type(text);
    await this.picture("prompt");
    await this.page.keyboard.press("Enter");
  }

  /** The status item, once it reads as wanted. */
  async status(text: string | RegExp, timeout?: number): Promise<Locator> {
    const item = this.page.locator(".statusbar-item", { hasText: text });
    await item.first().waitFor(timeout === undefined ? {} : { timeout });
    return item.first();
  }

  /** A notification that says something, once it is there. VS Code puts it away after a while unless one points at it. */
  async notification(text: string | RegExp, timeout?: number): Promise<Locator> {
    const toast = this.page.locator(".notification-toast", { hasText: text });
    await toast.first().waitFor(timeout === undefined ? {} : { timeout });
    await toast
      .first()
      .hover({ position: { x: 20, y: 15 }, timeout: AGAIN })
      .catch(() => undefined); // one that tells of progress may be over by now
    return toast.first();
  }

  /** Waits until the transcript on screen says something. */
  async transcript(text: string): Promise<void> {
    await this.line(".editor-instance", text);
  }

  /** Waits until the output panel says something. */
  async log(text: string): Promise<void> {
    await this.line(".part.panel", text);
  }

  /** Opens a view by its icon. */
  async view(name: string): Promise<void> {
    await this.page.locator(`.activitybar a[aria-label^="${name}"]`).click();
  }

  /** Waits until a view's icon has a number. */
  async badge(name: string, wanted: number): Promise<void> {
    const icon = this.page.locator(".activitybar .action-item", { has: this.page.locator(`a[aria-label^="${name}"]`) });
    await icon
      .locator(".badge-content", { hasText: new RegExp(`^${wanted}$`) })
      .first()
      .waitFor();
  }

  /** Waits until the side bar says something. */
  async sidebar(text: string, timeout = WAIT): Promise<void> {
    await this.page.locator(".part.sidebar", { hasText: text }).waitFor({ timeout });
  }

  /** Waits until no entry of the side bar says something. */
  async gone(text: string, timeout: number): Promise<void> {
    const rows = this.page.locator(".part.sidebar .monaco-list-row", { hasText: text });
    await rows.first().waitFor({ state: "hidden", timeout });
  }

  /** An entry of the view in the side bar. */
  async row(text: string | RegExp, timeout = WAIT): Promise<Locator> {
    const row = this.page.locator(".part.sidebar .monaco-list-row", { hasText: text });
    await row.first().waitFor({ timeout });
    return row.first();
  }

  /** Clicks on what stands in an entry of the view while one points at it, until the entry has gone: it may be redrawn. */
  async dismiss(entry: string, action: string): Promise<void> {
    const row = this.page.locator(".part.sidebar .monaco-list-row", { hasText: entry }).first();
    for (let tries = 1; ; tries += 1) {
      try {
        await row.hover({ timeout: AGAIN });
        await row.locator(`.action-label[aria-label^="${action}"]`).click({ timeout: AGAIN });
        await row.waitFor({ state: "hidden", timeout: AGAIN });
        return;
      } catch (error) {
        if (await row.isHidden()) {
          return;
        }
        if (tries === TIMES) {
          throw error;
        }
      }
    }
  }

  /** Opens what is below an entry of the view. */
  async expand(entry: string): Promise<void> {
    await (await this.row(entry)).locator(".monaco-tl-twistie").click();
  }

  /** Waits until the view has so many sessions. */
  async sessions(count: number): Promise<void> {
    await this.page.waitForFunction(
      ([selector, wanted]) => document.querySelectorAll(selector as string).length === wanted,
      ['.part.sidebar .monaco-list-row[aria-level="1"]', count] as const,
    );
  }

  /** Waits until an editor is open. */
  async tab(name: string): Promise<void> {
    await this.page.locator(".tabs-container .tab", { hasText: name }).first().waitFor();
  }

  /** Waits until the Markdown preview says something. */
  async preview(text: string): Promise<void> {
    const inner = this.page.frameLocator("iframe.webview").first().frameLocator("#active-frame");
    await inner.getByText(text).first().waitFor();
  }

  /** The dialog that stands in front of everything. */
  async dialog(picture: string): Promise<Locator> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    await this.picture(picture);
    return dialog;
  }

  /** A numbered picture, to be looked at. */
  async picture(name: string): Promise<void> {
    this.pictures += 1;
    const path = join(this.folder, `${String(this.pictures).padStart(2, "0")}-${name}.png`);
    await this.page.waitForTimeout(400); // what moves has come to rest; nothing that is tested waits for this
    await this.page.screenshot({ path });
  }

  /**
   * Opens the palette with a text in it; answers what it offers for that, once it does. A key that comes while a dialog
   * goes is lost, and what is offered is asked once: whoever sees nothing presses again.
   */
  private async openPalette(text: string): Promise<Locator> {
    const input = this.page.locator(".quick-input-widget input.input");
    const rows = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
    for (let tries = 1; ; tries += 1) {
      try {
        await this.page.keyboard.press("F1");
        await input.waitFor({ timeout: AGAIN });
        await input.fill(`>${text}`, { timeout: AGAIN });
        await rows.first().waitFor({ timeout: AGAIN });
        return rows;
      } catch (error) {
        if (tries === TIMES) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Lines are drawn with hard spaces. */
  private async line(place: string, text: string): Promise<void> {
    const words = text.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const line = this.page.locator(`${place} .view-line`, { hasText: new RegExp(words.join("\\s")) });
    await line.first().waitFor();
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
