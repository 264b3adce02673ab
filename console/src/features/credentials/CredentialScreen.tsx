import { Screen } from "@/parts/Screen";

export function CredentialScreen() {
  return <Screen title="CredentialScreen">{null}</Screen>;
}
