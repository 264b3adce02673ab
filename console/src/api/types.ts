import type { components } from "./schema";

type Schemas = components["schemas"];

export type AuditEvent = Schemas["AuditEvent"];
export type Check = Schemas["Check"];
export type Cluster = Schemas["Cluster"];
export type Credential = Schemas["Credential"];
export type Environment = Schemas["Environment"];
export type Fingerprint = Schemas["Fingerprint"];
export type Instance = Schemas["Instance"];
export type Notice = Schemas["Notice"];
export type Step = Schemas["Step"];
export type Tag = Schemas["Tag"];
export type Token = Schemas["TokenItem"];
export type User = Schemas["UserItem"];
