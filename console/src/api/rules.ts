export interface Form {
  pattern?: string;
  format?: string;
}

/** How a field or a filter may be filled in, as the OpenAPI document says; the words are JSON Schema's. */
export interface Rule {
  kind: string;
  many?: boolean;
  required?: boolean;
  nullable?: boolean;
  enum?: readonly string[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** Forms of which a text has one, each by its pattern or by the name of its format. */
  anyOf?: readonly Form[];
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  default?: unknown;
}

/** Patterns of JSON Schema are read as Unicode; one that this engine cannot read is left to the server. */
const patterns = new Map<string, RegExp | null>();

function matches(pattern: string, text: string): boolean {
  if (!patterns.has(pattern)) {
    try {
      patterns.set(pattern, new RegExp(pattern, "u"));
    } catch {
      patterns.set(pattern, null);
    }
  }
  return patterns.get(pattern)?.test(text) ?? true;
}

const BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/** JSON Schema's formats, as far as the document names them; one that is not known here is left to the server. */
function hasFormat(format: string, text: string): boolean {
  if (format === "ipv4") return matches(`^${BYTE}(\\.${BYTE}){3}$`, text);
  // The browser reads an address between brackets by the same standard.
  if (format === "ipv6") return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);
  return true;
}

const hasForm = ({ pattern, format }: Form, text: string): boolean =>
  (pattern === undefined || matches(pattern, text)) && (format === undefined || hasFormat(format, text));

/** Whether a text has the form that its rule asks for; its length is another question. */
export const fits = (rule: Pick<Rule, "pattern" | "anyOf">, text: string): boolean =>
  hasForm({ pattern: rule.pattern }, text) && (rule.anyOf?.some((form) => hasForm(form, text)) ?? true);
