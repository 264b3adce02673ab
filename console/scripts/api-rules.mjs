/** What forms and filters must know at run time: limits of fields, filters and sort keys, all from the OpenAPI document. */

const BODIES = {
  instance: "CreateInstance",
  tag: "CreateTag",
  environment: "CreateEnvironment",
  cluster: "CreateCluster",
  credential: "CreateCredential",
  bindings: "BindingsPart",
  user: "CreateUser",
  token: "CreateToken",
  changePassword: "ChangePassword",
  endpoint: "CheckEndpoint",
};

function resolve(document, schema) {
  if (schema.$ref === undefined) return schema;
  const target = schema.$ref
    .split("/")
    .slice(1)
    .reduce((at, key) => at[key], document);
  return resolve(document, { ...target, ...schema, $ref: undefined });
}

/** The limits that JSON Schema gives to one value. */
const LIMITS = ["enum", "minLength", "maxLength", "pattern", "minimum", "maximum"];

function pick(schema, names) {
  return Object.fromEntries(
    names.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]]),
  );
}

/** The forms that a text may have, where each is a branch of its own, such as an address or a name. */
function formsOf(branches) {
  const forms = branches.map((branch) => pick(branch, ["pattern", "format"]));
  const told = branches.every((branch, at) => branch.type === "string" && Object.keys(forms[at]).length > 0);
  return branches.length > 1 && told ? forms : undefined;
}

/** What is typed in, of all that a schema admits: digits in a text count as the number that they stand for. */
function mainBranch(branches) {
  const typed = branches.filter((branch) => branch.type !== "null" && branch.const !== "");
  const number = typed.find((branch) => branch.type === "integer" || branch.type === "number");
  return number ?? typed.find((branch) => branch.enum) ?? typed[0] ?? {};
}

/** One rule: `kind` says how it is typed in; the rest are JSON Schema's own words. */
function rule(document, given, required) {
  const schema = resolve(document, given);
  const branches = (schema.anyOf ?? [schema]).map((branch) => resolve(document, branch));
  const nullable = branches.some((branch) => branch.type === "null" || branch.const === "");
  const anyOf = formsOf(branches);
  const main = anyOf ? { ...schema, anyOf } : mainBranch(branches);
  const found =
    main.type === "array"
      ? { ...rule(document, main.items ?? {}, false), many: true, ...pick(main, ["maxItems"]) }
      : { kind: kindOf(main), ...pick(main, LIMITS), ...(anyOf && { anyOf }) };
  if (required) found.required = true;
  if (nullable) found.nullable = true;
  if (schema.default !== undefined && schema.default !== null) found.default = schema.default;
  return found;
}

function kindOf(schema) {
  if (schema.enum) return "enum";
  if (schema.format === "date-time") return "time";
  return (
    { integer: "integer", number: "number", boolean: "boolean", object: "object" }[schema.type] ?? "text"
  );
}

/** What every write takes in its headers to tell why. */
function whyRules(document) {
  const headers = document.paths["/instances"].post.parameters.filter((one) => one.in === "header");
  const ruleOf = (name) => rule(document, headers.find((one) => one.name === name).schema, false);
  return { reason: ruleOf("X-Change-Reason"), ticket: ruleOf("X-Change-Ticket") };
}

/** Which role has which actions, as the descriptions of the calls tell. */
function roleActions(document) {
  const found = {};
  for (const call of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const told = /Needs the action `(\w+)`, which these roles have: ([\w, ]+)\./.exec(call.description ?? "");
    for (const role of told?.[2].split(", ") ?? []) (found[role] ??= new Set()).add(told[1]);
  }
  return Object.fromEntries(Object.entries(found).map(([role, actions]) => [role, [...actions].sort()]));
}

export function apiRules(document) {
  const fields = {};
  for (const [name, schemaName] of Object.entries(BODIES)) {
    const schema = document.components.schemas[schemaName];
    const required = new Set(schema.required ?? []);
    fields[name] = Object.fromEntries(
      Object.entries(schema.properties).map(([field, value]) => [
        field,
        rule(document, value, required.has(field)),
      ]),
    );
  }
  const query = document.paths["/instances"].get.parameters.filter((one) => one.in === "query");
  const paging = new Set(["page", "limit", "sort", "order", "count", "cursor", "fields"]);
  const filters = Object.fromEntries(
    query.filter((one) => !paging.has(one.name)).map((one) => [one.name, rule(document, one.schema, false)]),
  );
  const sorts = query.find((one) => one.name === "sort").schema.enum;
  return (
    'import type { Rule } from "./rules";\n\n' +
    `export const fieldRules = ${JSON.stringify(fields, null, 1)} satisfies Record<string, Record<string, Rule>>;\n` +
    `export const whyRules = ${JSON.stringify(whyRules(document), null, 1)} satisfies Record<string, Rule>;\n` +
    `export const instanceFilters = ${JSON.stringify(filters, null, 1)} satisfies Record<string, Rule>;\n` +
    `export const roleActions: Record<string, readonly string[]> = ${JSON.stringify(roleActions(document), null, 1)};\n` +
    `export const instanceSorts = ${JSON.stringify(sorts)} as const;\n`
  );
}
