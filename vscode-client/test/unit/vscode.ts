/** The part of VS Code that pure code uses: texts with numbered places, untranslated. */
export const l10n = {
  t: (text: string, ...values: (string | number)[]): string =>
    text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place)),
};
