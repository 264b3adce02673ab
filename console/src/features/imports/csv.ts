/** CSV as the server writes and reads it: quoted cells, and none that a spreadsheet takes for a formula. */

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

/** Make a text harmless for a spreadsheet; the server takes the mark off when it reads the file. */
export function guard(text: string): string {
  return FORMULA.test(text) || text.startsWith("'") ? `'${text}` : text;
}

/** Rows as a file that Excel reads as UTF-8. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => `"${guard(cell).replaceAll('"', '""')}"`).join(",");
  return `\ufeff${rows.map(line).join("\r\n")}\r\n`;
}

/** The cells of the first line, as far as the server's own template goes: quoted, without line breaks. */
export function firstLine(text: string): string[] {
  const line = text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0] ?? "";
  return [...line.matchAll(/"((?:[^"]|"")*)"|([^",]+)/g)].map((found) =>
    (found[1] ?? found[2] ?? "").replaceAll('""', '"').replace(/^\*/, "").trim(),
  );
}

/** Give the reader a file that was made here. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
