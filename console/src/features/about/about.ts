import { ApiError } from "@/api/errors";

export interface EngineAbout {
  db_type: string;
  default_port: number | null;
  capabilities: Readonly<Record<string, string>>;
  /** Why no login is tried; null where one is. */
  unavailable: string | null;
  remedy: string | null;
}

export interface About {
  version: string | null;
  api_version: string | null;
  python: string | null;
  store: { kind: string | null; version: string | null; schema_revision: string | null };
  engines: EngineAbout[];
  /** Whether the interactive documents are served; null where it does not say. */
  docs: boolean | null;
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const flag = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);

function readEngine(value: unknown): EngineAbout[] {
  const engine = fields(value);
  const db_type = text(engine["db_type"]);
  if (db_type === null) return [];
  const told = Object.entries(fields(engine["capabilities"])).map(([name, support]) => [
    name,
    String(support),
  ]);
  const unavailable = fields(engine["unavailable"]);
  return [
    {
      db_type,
      default_port: typeof engine["default_port"] === "number" ? engine["default_port"] : null,
      capabilities: Object.fromEntries(told),
      unavailable: text(unavailable["message"]) ?? text(unavailable["cause"]),
      remedy: text(unavailable["remedy"]),
    },
  ];
}

/** Read what Muster says of itself; what an older or a newer one does not say is null. */
export function readAbout(answer: unknown): About {
  const data = fields(fields(answer)["data"]);
  const about = "about" in data ? fields(data["about"]) : data;
  const store = fields(about["store"]);
  const engines = Array.isArray(about["engines"]) ? about["engines"] : [];
  return {
    version: text(about["version"]),
    api_version: text(about["api_version"]),
    python: text(about["python"]),
    store: {
      kind: text(store["kind"]),
      version: text(store["version"]),
      schema_revision: text(store["schema_revision"]) ?? text(about["schema_revision"]),
    },
    engines: engines.flatMap(readEngine),
    docs: flag(fields(about["settings"])["docs"]) ?? flag(about["docs"]),
  };
}

export const PARTS = ["database", "schema", "keys"] as const;
export type Part = (typeof PARTS)[number];
export type PartState = "ok" | "failed" | "unknown";

/** The state of each part: a failure names one part, and of those after it nothing is known. */
export function partStates(ready: boolean, error: unknown): Record<Part, PartState> {
  const part = error instanceof ApiError ? error.extra["part"] : undefined;
  const at = (PARTS as readonly unknown[]).indexOf(part);
  return Object.fromEntries(
    PARTS.map((one, index): [Part, PartState] => [
      one,
      ready ? "ok" : at === -1 || index > at ? "unknown" : index === at ? "failed" : "ok",
    ]),
  ) as Record<Part, PartState>;
}
