import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { faultOf } from "./formRules";
import { errorsByField } from "./placeErrors";

describe("a text by a rule of the API", () => {
  const rule = { kind: "text", required: true, minLength: 2, maxLength: 4, pattern: "^[a-z😀]*$" };

  it.each([
    ["", { kind: "required" }],
    ["a", { kind: "tooShort", least: 2 }],
    ["abcde", { kind: "tooLong", most: 4 }],
    ["aB", { kind: "wrongCharacters" }],
    ["abcd", null],
    ["😀😀😀😀", null],
  ])("%j", (value, fault) => {
    expect(faultOf(rule, value)).toEqual(fault);
  });

  it.each([
    ["0", null],
    ["-1", { kind: "range", least: 0, most: 9 }],
    ["10", { kind: "range", least: 0, most: 9 }],
    ["1.5", { kind: "range", least: 0, most: 9 }],
    ["", null],
  ])("%j as a number of one digit", (value, fault) => {
    expect(faultOf({ kind: "number", minimum: 0, maximum: 9 }, value)).toEqual(fault);
  });

  it("may be empty where it is not required", () => {
    expect(faultOf({ ...rule, required: false }, "")).toBeNull();
  });
});

describe("the errors of an answer", () => {
  const has = (name: string): boolean => ["name", "places"].includes(name);
  const invalid = (...fields: string[]) =>
    new ApiError(400, {
      extra: { fields: fields.map((field) => ({ field, code: "x", message: `${field}!` })) },
    } as unknown as ApiError["envelope"]);
  const fieldOf = (field: string): string => (field.startsWith("bindings.") ? "places" : field);

  it("are gathered at the fields that they name", () => {
    const error = invalid("name", "bindings.hosts.0", "bindings.hosts.2");
    expect(errorsByField(error, has, { fieldOf, wordsOf: (field, said) => `${field}: ${said}` })).toEqual([
      { name: "name", errors: ["name: name!"] },
      {
        name: "places",
        errors: ["bindings.hosts.0: bindings.hosts.0!", "bindings.hosts.2: bindings.hosts.2!"],
      },
    ]);
  });

  it("belong to the whole form as soon as one has no field there", () => {
    expect(errorsByField(invalid("name", "csrf_token"), has, {})).toBeNull();
  });

  it("of a conflict belong to the field that caused it", () => {
    const taken = new ApiError(409, {
      message: "There is one already",
      extra: { reason: "user.name_taken" },
    } as unknown as ApiError["envelope"]);
    const reasons = { "user.name_taken": "name" };
    expect(errorsByField(taken, has, { reasons })).toEqual([
      { name: "name", errors: ["There is one already"] },
    ]);
    expect(errorsByField(taken, has, {})).toBeNull();
  });

  it("of no answer belong to no field", () => {
    expect(errorsByField(new ApiError(0, null), has, {})).toBeNull();
    expect(errorsByField(new Error("x"), has, {})).toBeNull();
  });
});
