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
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  default?: unknown;
}
