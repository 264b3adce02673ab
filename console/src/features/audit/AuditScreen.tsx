import { Screen } from "@/parts/Screen";

export function AuditScreen() {
  return <Screen title="AuditScreen">{null}</Screen>;
}
