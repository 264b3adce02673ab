/** Lays a .br and a .gz beside each built file that gains from it, so that the server compresses nothing. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const built = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "app", "web", "static");
const TEXT = new Set([".js", ".css", ".svg", ".json"]);

for (const entry of await readdir(built, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  const content = await readFile(path);
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(content, { level: 9 });
  if (brotli.length < content.length) await writeFile(`${path}.br`, brotli);
  if (gzip.length < content.length) await writeFile(`${path}.gz`, gzip);
}
